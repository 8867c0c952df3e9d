//! A journal with its own locks stands for a process. Dropping it stands for a process that is killed.

mod bytes;
mod delivered;
mod directory;
mod forget;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;

use super::content::{self, Content};
use super::lock::DirLock;
use super::*;
use crate::schema::Json;

const RESPONSE: &[u8] =
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

    /// A new process.
    fn process(&self) -> Journal {
        self.process_at("https://example.com")
    }

    fn process_at(&self, base_url: &str) -> Journal {
        journal(&self.path(), base_url)
    }

    /// All files except the lock.
    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path()).unwrap().map(|it| it.unwrap().path());
        let mut files: Vec<_> = entries.filter(|path| !path.ends_with(".lock")).collect();
        files.sort();
        files
    }

    fn only_file(&self) -> PathBuf {
        let [file] = &self.files()[..] else { panic!("{:?}", self.files()) };
        file.clone()
    }

    /// Leaves the record of a process that created this, recorded the response, and was killed.
    fn leave_finished(&self, name: &str) {
        write_response(&mut fresh(begin(&self.process(), name))).unwrap();
    }
}

fn journal(directory: &Path, base_url: &str) -> Journal {
    Journal::new(directory.to_str().unwrap().parse().unwrap(), base_url, Locks::default())
}

/// Runs the future on a runtime with one thread, as the provider does.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().build().unwrap().block_on(future)
}

fn write_response(record: &mut Record) -> io::Result<()> {
    wait(async { record.write_response(RESPONSE).await })
}

fn discard(record: Record) {
    wait(record.discard());
}

fn forget(process: &Journal, in_state: impl Fn(&[u8]) -> bool + Send) -> Result<(), Error> {
    wait(process.forget_record(in_state))
}

fn body(name: &str) -> Json {
    json!({ "child_name": name, "organization": { "name": "Example Ltd" } })
}

fn begin(process: &Journal, name: &str) -> Begin {
    begin_as(process, 1, "Example Ltd", name).unwrap()
}

fn begin_as(process: &Journal, scope: u64, subject: &str, name: &str) -> Result<Begin, Error> {
    wait(process.begin(&Create {
        scope,
        path: "account",
        subject,
        body: &body(name),
        unique: true,
        existing: &[],
    }))
}

fn fresh(begin: Begin) -> Record {
    let Begin::Fresh { record, .. } = begin else { panic!("{}", kind(&begin)) };
    record
}

fn adopted(begin: Begin) -> Vec<u8> {
    let Begin::Adopted { response, .. } = begin else { panic!("{}", kind(&begin)) };
    response
}

fn delivered(begin: Begin) -> Vec<(PathBuf, Vec<u8>)> {
    let Begin::Delivered { records } = begin else { panic!("{}", kind(&begin)) };
    records
}

fn unfinished(begin: Begin) -> (PathBuf, Json) {
    let Begin::Unfinished { body, file, .. } = begin else { panic!("{}", kind(&begin)) };
    (file, body)
}

fn kind(begin: &Begin) -> String {
    match begin {
        Begin::Fresh { record, .. } => format!("fresh {}", record.file().display()),
        Begin::Adopted { file, .. } => format!("adopted {}", file.display()),
        Begin::Delivered { records } => format!("delivered {}", records.len()),
        Begin::Unfinished { file, .. } => format!("unfinished {}", file.display()),
    }
}

#[track_caller]
fn error<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => panic!("it should fail"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_response_is_adopted_byte_for_byte() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    assert_eq!(adopted(begin(&fixture.process(), "a")), RESPONSE);
    // The process that adopted it was killed, too.
    assert_eq!(adopted(begin(&fixture.process(), "a")), RESPONSE);
}

#[test]
fn a_response_is_adopted_by_one_create_only() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let process = fixture.process();
    adopted(begin(&process, "a"));
    let own = fresh(begin(&process, "a"));
    let refused = error(begin_as(&fixture.process(), 1, "Example Ltd", "a"));
    assert!(refused.contains("is processing the same request"), "{refused}");
    discard(own);
}

#[test]
fn a_process_does_not_adopt_its_own_responses() {
    let fixture = Fixture::new();
    let process = fixture.process();
    for ordinal in 0..3 {
        let mut record = fresh(begin(&process, "a"));
        assert!(record.file().ends_with(format!("digicert-1-{ordinal}.record")));
        write_response(&mut record).unwrap();
    }
    drop(process);
    let next = fixture.process();
    for _ in 0..3 {
        adopted(begin(&next, "a"));
    }
    fresh(begin(&next, "a"));
}

#[test]
fn an_unknown_result_stops_all_creates_for_the_subject() {
    let fixture = Fixture::new();
    let process = fixture.process();
    let file = fresh(begin(&process, "a")).file().to_owned();
    // The record was dropped without a result. The process is still running.
    for (process, name) in [(&process, "a"), (&process, "b"), (&fixture.process(), "b")] {
        assert_eq!(unfinished(begin(process, name)), (file.clone(), body("a")));
    }
    let other_spelling = begin_as(&process, 1, " EXAMPLE ltd", "b").unwrap();
    assert_eq!(unfinished(other_spelling).0, file);
    let elsewhere = fixture.process_at("https://example.org");
    assert_eq!(unfinished(begin(&elsewhere, "a")).0, file);

    for (account, organization) in [(2, "Example Ltd"), (1, "Another Ltd")] {
        discard(fresh(begin_as(&process, account, organization, "a").unwrap()));
    }
    fs::remove_file(&file).unwrap();
    fresh(begin(&process, "a"));
}

#[test]
fn a_finished_record_is_adopted_before_an_unfinished_one_stops() {
    let fixture = Fixture::new();
    let process = fixture.process();
    let lost = fresh(begin(&process, "a"));
    write_response(&mut fresh(begin(&process, "a"))).unwrap();
    let file = lost.file().to_owned();
    drop((lost, process));
    let next = fixture.process();
    adopted(begin(&next, "a"));
    assert_eq!(unfinished(begin(&next, "a")).0, file);
}

#[test]
fn another_request_does_not_adopt_the_response_but_lists_it() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    let Begin::Fresh { unclaimed, record } = begin(&fixture.process(), "b") else {
        panic!("it is another request")
    };
    assert_eq!(unclaimed, [file]);
    discard(record);
    let elsewhere = fixture.process_at("https://example.org");
    fresh(begin(&elsewhere, "a"));
}

#[test]
fn requests_to_another_path_are_independent() {
    let fixture = Fixture::new();
    drop(fresh(begin(&fixture.process(), "a")));
    let body = body("a");
    let create = Create {
        scope: 1,
        path: "user",
        subject: "Example Ltd",
        body: &body,
        unique: true,
        existing: &[],
    };
    let mut user = fresh(wait(fixture.process().begin(&create)).unwrap());
    write_response(&mut user).unwrap();
    drop(user);
    unfinished(begin(&fixture.process(), "a"));
    assert_eq!(adopted(wait(fixture.process().begin(&create)).unwrap()), RESPONSE);
}

#[test]
fn two_running_processes_do_not_send_the_same_request() {
    let fixture = Fixture::new();
    let (one, two) = (fixture.process(), fixture.process());
    let mut record = fresh(begin(&one, "a"));
    let refused = || error(begin_as(&two, 1, "Example Ltd", "a"));
    assert!(refused().contains(&format!("process {}", std::process::id())), "{}", refused());
    discard(fresh(begin(&two, "b")));
    write_response(&mut record).unwrap();
    assert!(refused().contains("is processing"), "its state may not be saved yet");
    drop((record, one));
    adopted(begin(&two, "a"));
}

#[test]
fn of_concurrent_creates_only_one_begins() {
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
    assert_eq!(fixture.files().len(), 17, "there is nothing else but the lock");
}

#[cfg(target_os = "linux")]
#[test]
fn a_response_that_cannot_be_written_leaves_the_result_unknown() {
    let fixture = Fixture::new();
    let process = fixture.process();
    let mut record = fresh(begin(&process, "a"));
    record.file = Arc::new(File::options().write(true).open("/dev/full").unwrap());
    let error = write_response(&mut record).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    drop(record);
    // This process has the response, so that it may begin another create. The next process may not.
    discard(fresh(begin(&process, "a")));
    let file = fixture.only_file();
    drop(process);
    assert_eq!(unfinished(begin(&fixture.process(), "a")).0, file);
}
