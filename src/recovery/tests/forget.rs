//! The removal of records, and creates that are cancelled while they begin.

use std::time::{Duration, Instant};

use super::*;

#[test]
fn refused_and_stored_records_are_removed() {
    let fixture = Fixture::new();
    let process = fixture.process();
    discard(fresh(begin(&process, "a")));
    assert!(fixture.files().is_empty());

    write_response(&mut fresh(begin(&process, "a"))).unwrap();
    let lost = fresh(begin(&process, "b"));
    forget(&process, |_| false).unwrap();
    assert_eq!(fixture.files().len(), 2);
    forget(&fixture.process(), |answer| answer == RESPONSE).unwrap();
    assert_eq!(fixture.only_file(), lost.file());
    discard(lost);
    fresh(begin(&process, "a"));
}

#[test]
fn responses_of_this_process_are_not_read_again() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let process = fixture.process();
    let seen = std::sync::Mutex::new(0);
    let count = |answers| {
        *seen.lock().unwrap() = 0;
        let look = |_: &[u8]| {
            *seen.lock().unwrap() += 1;
            false
        };
        forget(&process, look).unwrap();
        assert_eq!(*seen.lock().unwrap(), answers);
    };
    count(1);
    adopted(begin(&process, "a"));
    count(1);
    write_response(&mut fresh(begin(&process, "b"))).unwrap();
    count(2);
    forget(&process, |answer| answer == RESPONSE).unwrap();
    assert!(fixture.files().is_empty());
    count(0);
}

#[test]
fn a_record_that_another_process_created_with_the_same_name_is_kept() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let process = fixture.process();
    forget(&process, |_| false).unwrap();
    let file = fixture.only_file();
    let whole = fs::read(&file).unwrap();
    let line = whole.iter().position(|it| *it == b'\n').unwrap() + 1;
    let other = [&whole[..line], &content::response(b"{\"id\":7}").unwrap()].concat();
    fs::write(&file, &other).unwrap();
    forget(&process, |answer| answer == RESPONSE).unwrap();
    assert_eq!(fs::read(&file).unwrap(), other);
}

#[test]
fn a_locked_directory_is_left_to_the_next_refresh() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let process = fixture.process();
    let lock = DirLock::try_acquire(&fixture.path()).unwrap().unwrap();
    forget(&process, |_| true).unwrap();
    assert_eq!(fixture.files().len(), 1);
    drop(lock);
    forget(&process, |_| true).unwrap();
    assert!(fixture.files().is_empty());
}

#[test]
fn a_begin_that_is_cancelled_leaves_no_record() {
    let fixture = Fixture::new();
    let process = fixture.process();
    discard(fresh(begin(&process, "a")));
    let lock = DirLock::try_acquire(&fixture.path()).unwrap().unwrap();
    let start = Instant::now();
    wait(async {
        let body = body("a");
        let create = Create {
            scope: 1,
            path: "account",
            subject: "Example Ltd",
            body: &body,
            unique: true,
            existing: &[],
        };
        let cancelled = tokio::time::timeout(Duration::from_millis(50), process.begin(&create));
        assert!(cancelled.await.is_err());
    });
    assert!(start.elapsed() < Duration::from_secs(2), "the shutdown of the runtime does not wait");
    drop(lock);
    assert!(fixture.files().is_empty());

    // Cancelled at any moment.
    for microseconds in (0..3000).step_by(50) {
        wait(async {
            let body = body("a");
            let create = Create {
                scope: 1,
                path: "account",
                subject: "Example Ltd",
                body: &body,
                unique: true,
                existing: &[],
            };
            let timeout = Duration::from_micros(microseconds);
            if let Ok(begin) = tokio::time::timeout(timeout, process.begin(&create)).await {
                fresh(begin.unwrap()).discard().await;
            }
            // Begins after the cancelled one has removed its record.
            fresh(process.begin(&create).await.unwrap()).discard().await;
        });
        assert!(fixture.files().is_empty(), "after {microseconds} µs");
    }
}
