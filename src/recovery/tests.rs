//! Processes are played by journals with locks of their own; one dies when it is dropped.

use std::fs;
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;

use super::*;

const ANSWER: &[u8] =
    b"{\"id\":200002,\n\"api_key\":\"EXAMPLE-ONLY-ONCE\",\"junk\":\"\xff\x00\"}\n";

struct Fixture {
    parent: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self { parent: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.parent.path().join("recovery")
    }

    /// A process that has not begun anything.
    fn process(&self) -> Journal {
        Journal::new(self.path().to_str().unwrap(), "https://example.com", Held::default())
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> =
            fs::read_dir(self.path()).unwrap().map(|it| it.unwrap().path()).collect();
        files.sort();
        files
    }

    fn only_file(&self) -> PathBuf {
        let [file] = &self.files()[..] else { panic!("{:?}", self.files()) };
        file.clone()
    }

    /// A process opens this, is answered, and dies.
    fn leave_finished(&self, name: &str) {
        fresh(begin(&self.process(), name)).answered(ANSWER).unwrap();
    }
}

fn body(name: &str) -> Json {
    json!({ "child_name": name, "organization": { "name": "Example Ltd" } })
}

fn begin(process: &Journal, name: &str) -> Begin {
    begin_as(process, 1, "Example Ltd", name).unwrap()
}

fn begin_as(
    process: &Journal,
    account: u64,
    organization: &str,
    name: &str,
) -> Result<Begin, Problem> {
    process.begin(&Create { account, organization, body: &body(name) })
}

fn fresh(begin: Begin) -> Record {
    match begin {
        Begin::Fresh { record, .. } => record,
        Begin::Adopted { file, .. } => panic!("adopted {file:?}"),
        Begin::Unfinished { file, .. } => panic!("unfinished {file:?}"),
    }
}

fn adopted(begin: Begin) -> Vec<u8> {
    match begin {
        Begin::Adopted { answer, .. } => answer.to_vec(),
        Begin::Fresh { .. } => panic!("fresh"),
        Begin::Unfinished { file, .. } => panic!("unfinished {file:?}"),
    }
}

fn unfinished(begin: Begin) -> (PathBuf, Json) {
    match begin {
        Begin::Unfinished { body, file } => (file, body),
        Begin::Fresh { .. } => panic!("fresh"),
        Begin::Adopted { file, .. } => panic!("adopted {file:?}"),
    }
}

#[track_caller]
fn problem<T>(result: Result<T, Problem>) -> String {
    match result {
        Ok(_) => panic!("there should be a problem"),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn an_answer_outlives_its_process_byte_for_byte() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    assert_eq!(adopted(begin(&fixture.process(), "a")), ANSWER);
    // The process that adopted it was killed before a state had it.
    assert_eq!(adopted(begin(&fixture.process(), "a")), ANSWER);
}

#[test]
fn an_answer_is_adopted_by_one_create_alone() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let process = fixture.process();
    adopted(begin(&process, "a"));
    let own = fresh(begin(&process, "a"));
    let refused = problem(begin_as(&fixture.process(), 1, "Example Ltd", "a"));
    assert!(refused.contains("is at work on the very same request"), "{refused}");
    own.refused();
}

#[test]
fn a_process_does_not_adopt_what_it_wrote() {
    let fixture = Fixture::new();
    let process = fixture.process();
    for ordinal in 0..3 {
        let mut record = fresh(begin(&process, "a"));
        assert!(record.file().ends_with(format!("digicert-1-{ordinal}.record")));
        record.answered(ANSWER).unwrap();
    }
    drop(process);
    let next = fixture.process();
    for _ in 0..3 {
        adopted(begin(&next, "a"));
    }
    fresh(begin(&next, "a"));
}

#[test]
fn an_unknown_outcome_stops_everything_for_the_organization() {
    let fixture = Fixture::new();
    let process = fixture.process();
    let file = fresh(begin(&process, "a")).file().to_owned();
    // The record was dropped without an outcome, and that process goes on.
    for (process, name) in [(&process, "a"), (&process, "b"), (&fixture.process(), "b")] {
        assert_eq!(unfinished(begin(process, name)), (file.clone(), body("a")));
    }
    let other_spelling = begin_as(&process, 1, " EXAMPLE ltd", "b").unwrap();
    assert_eq!(unfinished(other_spelling).0, file);
    let elsewhere =
        Journal::new(fixture.path().to_str().unwrap(), "https://example.org", Held::default());
    assert_eq!(unfinished(begin(&elsewhere, "a")).0, file);

    for (account, organization) in [(2, "Example Ltd"), (1, "Another Ltd")] {
        fresh(begin_as(&process, account, organization, "a").unwrap()).refused();
    }
    fs::remove_file(&file).unwrap();
    fresh(begin(&process, "a"));
}

#[test]
fn what_is_finished_is_adopted_before_what_is_unfinished_stops() {
    let fixture = Fixture::new();
    let process = fixture.process();
    let lost = fresh(begin(&process, "a"));
    fresh(begin(&process, "a")).answered(ANSWER).unwrap();
    let file = lost.file().to_owned();
    drop((lost, process));
    let next = fixture.process();
    adopted(begin(&next, "a"));
    assert_eq!(unfinished(begin(&next, "a")).0, file);
}

#[test]
fn another_request_does_not_get_the_answer_but_hears_of_it() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    let Begin::Fresh { unclaimed, record } = begin(&fixture.process(), "b") else {
        panic!("it is another request")
    };
    assert_eq!(unclaimed, [file]);
    record.refused();
    let elsewhere =
        Journal::new(fixture.path().to_str().unwrap(), "https://example.org", Held::default());
    fresh(begin(&elsewhere, "a"));
}

#[test]
fn two_living_processes_do_not_send_the_same() {
    let fixture = Fixture::new();
    let (one, two) = (fixture.process(), fixture.process());
    let mut record = fresh(begin(&one, "a"));
    let refused = || problem(begin_as(&two, 1, "Example Ltd", "a"));
    assert!(refused().contains(&format!("process {}", std::process::id())), "{}", refused());
    fresh(begin(&two, "b")).refused();
    record.answered(ANSWER).unwrap();
    assert!(refused().contains("is at work"), "its state may not be saved yet");
    drop((record, one));
    adopted(begin(&two, "a"));
}

#[test]
fn of_many_at_once_one_begins() {
    let fixture = Fixture::new();
    let begun = || begin_as(&fixture.process(), 1, "Example Ltd", "a").ok().map(fresh);
    let records: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(begun)).collect();
        threads.into_iter().filter_map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(records.len(), 1);

    let process = fixture.process();
    let begun = |name: String| fresh(begin_as(&process, 2, "Example Ltd", &name).unwrap());
    let records: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..16).map(|it| scope.spawn(move || begun(format!("{}", it % 2)))).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(records.len(), 16);
    assert_eq!(fixture.files().len(), 17, "nothing else is left behind");
}

#[test]
fn refused_and_settled_records_go() {
    let fixture = Fixture::new();
    let process = fixture.process();
    fresh(begin(&process, "a")).refused();
    assert!(fixture.files().is_empty());

    fresh(begin(&process, "a")).answered(ANSWER).unwrap();
    let lost = fresh(begin(&process, "b"));
    process.settle(|_| false).unwrap();
    assert_eq!(fixture.files().len(), 2);
    fixture.process().settle(|answer| answer == ANSWER).unwrap();
    assert_eq!(fixture.only_file(), lost.file());
    lost.refused();
    fresh(begin(&process, "a"));
}

#[test]
fn every_torn_write_is_recognised() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    let whole = fs::read(&file).unwrap();
    let intent = whole.iter().position(|it| *it == b'\n').unwrap() + 1;
    let answer = intent + content::answer(ANSWER).len();
    for cut in 0..=answer {
        // Behind the cut there is the room kept free, as it was, or the end of a file that lost it.
        let roomy = [&whole[..cut], &vec![b' '; whole.len() - cut]].concat();
        for torn in [&whole[..cut], &roomy] {
            let of_cut = match Content::parse(torn).unwrap() {
                Content::Torn => cut < intent,
                Content::Unfinished(_) => (intent..answer).contains(&cut),
                Content::Finished(_, found) => cut == answer && found.as_slice() == ANSWER,
            };
            assert!(of_cut, "cut at {cut} of {intent} and {answer}");
        }
    }
}

#[test]
fn a_torn_intent_was_never_sent() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    for torn in ["", "{\"version\":1,\"acc", "\0\0\0\0"] {
        fs::write(&file, torn).unwrap();
        let record = fresh(begin(&fixture.process(), "b"));
        assert_eq!(record.file(), file, "the torn one has gone");
        record.refused();
        fs::write(&file, torn).unwrap();
    }
}

#[test]
fn damaged_records_stop_and_are_kept() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    let whole = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
    for damaged in [
        "\n".to_owned(),
        "nonsense\n".to_owned(),
        "{}\n".to_owned(),
        whole.replacen("\"version\":1", "\"version\":2", 1),
        whole.replacen("\"account\":1", "\"account\":-1", 1),
    ] {
        fs::write(&file, &damaged).unwrap();
        let text = problem(begin_as(&fixture.process(), 1, "Another Ltd", "b"));
        assert!(text.contains("cannot be understood") && text.contains("move it"), "{text}");
        assert!(text.contains(file.to_str().unwrap()), "{text}");
        assert!(!text.contains("EXAMPLE-ONLY-ONCE"), "{text}");
        assert_eq!(fs::read_to_string(&file).unwrap(), damaged);
        fixture.process().settle(|_| true).unwrap();
        fresh(begin_as(&fixture.process(), 2, "Example Ltd", "a").unwrap()).refused();
    }
}

#[test]
fn hostile_headers_do_no_harm() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let whole = fs::read(fixture.only_file()).unwrap();
    let intent = whole.iter().position(|it| *it == b'\n').unwrap() + 1;
    for header in [
        "\n",
        " \n",
        "18446744073709551616 0\n",
        "18446744073709551615 cbf29ce484222325\n",
        "-1 cbf29ce484222325\n",
        "0 +bf29ce484222325\n",
        "1 cbf29ce484222325\n",
        "0 0000000000000000\n",
    ] {
        let bytes = [&whole[..intent], header.as_bytes(), b"x"].concat();
        assert!(matches!(Content::parse(&bytes), Ok(Content::Unfinished(_))), "{header:?}");
    }
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let fixture = Fixture::new();
    fresh(begin(&fixture.process(), "a")).refused();
    let foreign = [
        "notes.txt",
        "digicert-1.record",
        "digicert-1-0.record.bak",
        "digicert-01-0.record",
        "digicert-1-x.record",
        "digicert-1-+1.record",
        "digicert-99999999999999999999-0.record",
    ];
    for name in foreign {
        fs::write(fixture.path().join(name), "nonsense\n").unwrap();
    }
    fs::create_dir(fixture.path().join("digicert-1-0.record")).unwrap();
    let record = fresh(begin(&fixture.process(), "a"));
    assert!(record.file().ends_with("digicert-1-1.record"));
    record.refused();
    fixture.process().settle(|_| true).unwrap();
    assert_eq!(fixture.files().len(), foreign.len() + 1);
}

#[cfg(unix)]
#[test]
fn folder_and_files_are_for_us_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let fixture = Fixture::new();
    let record = fresh(begin(&fixture.process(), "a"));
    assert_eq!((mode(&fixture.path()), mode(record.file())), (0o700, 0o600));
    record.refused();
    for wrong in [0o755, 0o710, 0o704, 0o500, 0o000] {
        fs::set_permissions(fixture.path(), fs::Permissions::from_mode(wrong)).unwrap();
        let text = problem(begin_as(&fixture.process(), 1, "Example Ltd", "a"));
        let expected = format!("mode {wrong:04o}: API keys are kept there, so it must be 0700");
        assert!(text.contains(&expected), "{text}");
        problem(fixture.process().settle(|_| true));
    }
    fs::set_permissions(fixture.path(), fs::Permissions::from_mode(0o700)).unwrap();
    fresh(begin(&fixture.process(), "a"));
}

#[cfg(unix)]
#[test]
fn a_link_or_a_file_is_no_folder() {
    let fixture = Fixture::new();
    let real = fixture.parent.path().join("real");
    fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, fixture.path()).unwrap();
    for spelling in ["recovery", "recovery/", "real/../recovery//"] {
        let path = fixture.parent.path().join(spelling);
        let link = Journal::new(path.to_str().unwrap(), "", Held::default());
        let text = problem(begin_as(&link, 1, "Example Ltd", "a"));
        assert!(text.contains("is not a folder (a symbolic link will not do)"), "{text}");
    }
    assert_eq!(fs::read_dir(&real).unwrap().count(), 0);
    fs::remove_file(fixture.path()).unwrap();
    fs::write(fixture.path(), "").unwrap();
    let text = problem(begin_as(&fixture.process(), 1, "Example Ltd", "a"));
    assert!(text.contains("is not a folder"), "{text}");
    let below = fixture.path().join("below");
    let below = Journal::new(below.to_str().unwrap(), "", Held::default());
    problem(begin_as(&below, 1, "Example Ltd", "a"));
}

#[cfg(unix)]
#[test]
fn the_folder_of_somebody_else_is_refused() {
    // Only root can give a folder away; everybody else has one at hand that is not theirs.
    let fixture = Fixture::new();
    let path = match nix::unistd::geteuid().is_root() {
        true => {
            fs::create_dir(fixture.path()).unwrap();
            std::os::unix::fs::chown(fixture.path(), Some(4711), None).unwrap();
            fixture.path()
        }
        false => "/".into(),
    };
    let journal = Journal::new(path.to_str().unwrap(), "", Held::default());
    let text = problem(begin_as(&journal, 1, "Example Ltd", "a"));
    assert!(text.contains("belongs to user"), "{text}");
}

#[test]
fn missing_folders_are_made_and_only_for_a_create() {
    let fixture = Fixture::new();
    let deep = fixture.path().join("in/there");
    let journal = Journal::new(deep.to_str().unwrap(), "", Held::default());
    journal.settle(|_| true).unwrap();
    assert!(!fixture.path().exists());
    fresh(begin(&journal, "a"));
    assert!(deep.is_dir());
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_leaves_the_outcome_unknown() {
    let fixture = Fixture::new();
    let process = fixture.process();
    let mut record = fresh(begin(&process, "a"));
    record.handle = Arc::new(File::options().write(true).open("/dev/full").unwrap());
    let error = record.answered(ANSWER).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    drop(record);
    // This process knows the answer, so that it need not stop; the next one does not.
    fresh(begin(&process, "a")).refused();
    let file = fixture.only_file();
    drop(process);
    assert_eq!(unfinished(begin(&fixture.process(), "a")).0, file);
}
