//! Runs that end in order.

use super::*;

fn end(process: &Journal) {
    wait(process.locks.deliver());
}

#[test]
fn a_delivered_response_is_reported_and_never_adopted() {
    let fixture = Fixture::new();
    let process = fixture.process();
    write_response(&mut fresh(begin(&process, "a"))).unwrap();
    end(&process);
    let file = fixture.only_file();
    assert!(file.ends_with("digicert-1-0.delivered"));
    // A debugged process continues to run.
    for process in [&process, &fixture.process(), &fixture.process()] {
        assert_eq!(delivered(begin(process, "a")), [(file.clone(), RESPONSE.to_vec())]);
    }
    // It is in a state, so that it is not unclaimed.
    let Begin::Fresh { unclaimed, record } = begin(&fixture.process(), "b") else {
        panic!("it is another request")
    };
    assert_eq!(unclaimed, <[PathBuf; 0]>::default());
    discard(record);
    fs::rename(&file, file.with_extension("record")).unwrap();
    assert_eq!(adopted(begin(&fixture.process(), "a")), RESPONSE);
}

#[test]
fn only_finished_records_are_delivered() {
    let fixture = Fixture::new();
    let process = fixture.process();
    let open = fresh(begin(&process, "a"));
    write_response(&mut fresh(begin(&process, "b"))).unwrap();
    end(&process);
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    let names: Vec<_> = fixture.files().iter().map(name).collect();
    assert_eq!(names, ["digicert-1-0.record", "digicert-1-1.delivered"]);
    error(begin_as(&fixture.process(), 1, "Example Ltd", "a"));
    drop(open);
    unfinished(begin(&fixture.process(), "a"));
}

#[test]
fn a_response_of_a_killed_process_is_adopted_although_others_were_delivered() {
    let fixture = Fixture::new();
    let process = fixture.process();
    write_response(&mut fresh(begin(&process, "a"))).unwrap();
    write_response(&mut fresh(begin(&process, "a"))).unwrap();
    process.locks.release(&fixture.path().join("digicert-1-1.record"));
    end(&process);
    let next = fixture.process();
    adopted(begin(&next, "a"));
    assert_eq!(delivered(begin(&next, "a")).len(), 1);
    end(&next);
    assert_eq!(fixture.files().len(), 2);
    assert_eq!(delivered(begin(&fixture.process(), "a")).len(), 2);
}

#[test]
fn a_new_record_never_has_the_name_of_a_delivered_one() {
    let fixture = Fixture::new();
    for name in ["a", "b", "c"] {
        let process = fixture.process();
        write_response(&mut fresh(begin(&process, name))).unwrap();
        end(&process);
    }
    assert_eq!(fixture.files().len(), 3);
}

#[test]
fn an_unfinished_record_is_reported_under_either_name() {
    let fixture = Fixture::new();
    drop(fresh(begin(&fixture.process(), "a")));
    let file = fixture.only_file();
    let renamed = file.with_extension("delivered");
    fs::rename(&file, &renamed).unwrap();
    assert_eq!(unfinished(begin(&fixture.process(), "b")).0, renamed);
}

#[test]
fn a_directory_that_was_deleted_is_not_created_again() {
    let fixture = Fixture::new();
    let process = fixture.process();
    write_response(&mut fresh(begin(&process, "a"))).unwrap();
    fs::remove_dir_all(fixture.path()).unwrap();
    end(&process);
    assert!(!fixture.path().exists());
}
