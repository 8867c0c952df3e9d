//! Processes are played by journals with locks of their own; one dies when it is dropped.

mod bytes;
mod place;

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
