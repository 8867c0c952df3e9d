//! The directory and the files in it.

use super::*;

#[test]
fn other_files_are_ignored() {
    let fixture = Fixture::new();
    discard(fresh(begin(&fixture.process(), "a")));
    let foreign = [
        "notes.txt",
        "digicert-1.record",
        "digicert-1-0.record.bak",
        "digicert-01-0.record",
        "digicert-1-x.record",
        "digicert-1-0.recorded",
        "digicert-1-0.delivered.record",
        "digicert-01-0.delivered",
        "digicert-1-+1.record",
        "digicert-99999999999999999999-0.record",
    ];
    for name in foreign {
        fs::write(fixture.path().join(name), "nonsense\n").unwrap();
    }
    let record = fresh(begin(&fixture.process(), "a"));
    assert!(record.file().ends_with("digicert-1-0.record"));
    discard(record);
    forget(&fixture.process(), |_| true).unwrap();
    assert_eq!(fixture.files().len(), foreign.len());
}

#[cfg(unix)]
#[test]
fn only_this_user_has_access_to_the_directory_and_its_files() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let fixture = Fixture::new();
    let record = fresh(begin(&fixture.process(), "a"));
    assert_eq!((mode(&fixture.path()), mode(record.file())), (0o700, 0o600));
    discard(record);
    for wrong in [0o755, 0o710, 0o704, 0o500, 0o000] {
        fs::set_permissions(fixture.path(), fs::Permissions::from_mode(wrong)).unwrap();
        let text = error(begin_as(&fixture.process(), 1, "Example Ltd", "a"));
        let expected = format!("has mode {wrong:04o}, but must have mode 0700");
        assert!(text.contains(&expected), "{text}");
        error(forget(&fixture.process(), |_| true));
    }
    fs::set_permissions(fixture.path(), fs::Permissions::from_mode(0o700)).unwrap();
    fresh(begin(&fixture.process(), "a"));
}

#[cfg(unix)]
#[test]
fn a_link_or_a_file_is_not_a_directory() {
    let fixture = Fixture::new();
    let real = fixture.parent.path().join("real");
    fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, fixture.path()).unwrap();
    for spelling in ["recovery", "recovery/", "real/../recovery//"] {
        let path = fixture.parent.path().join(spelling);
        let link = journal(&path, "");
        let text = error(begin_as(&link, 1, "Example Ltd", "a"));
        assert!(text.contains("is not a directory (symbolic links are not allowed)"), "{text}");
    }
    assert_eq!(fs::read_dir(&real).unwrap().count(), 0);
    fs::remove_file(fixture.path()).unwrap();
    fs::write(fixture.path(), "").unwrap();
    let text = error(begin_as(&fixture.process(), 1, "Example Ltd", "a"));
    assert!(text.contains("is not a directory"), "{text}");
    let below = fixture.path().join("below");
    let below = journal(&below, "");
    error(begin_as(&below, 1, "Example Ltd", "a"));
}

#[cfg(unix)]
#[test]
fn the_directory_of_another_user_is_refused() {
    // Only root can change the owner. Any other user does not own the root directory.
    let fixture = Fixture::new();
    let path = match nix::unistd::geteuid().is_root() {
        true => {
            fs::create_dir(fixture.path()).unwrap();
            std::os::unix::fs::chown(fixture.path(), Some(4711), None).unwrap();
            fixture.path()
        }
        false => "/".into(),
    };
    let journal = journal(&path, "");
    let text = error(begin_as(&journal, 1, "Example Ltd", "a"));
    assert!(text.contains("is owned by UID"), "{text}");
}

#[test]
fn missing_directories_are_created_only_for_a_create() {
    let fixture = Fixture::new();
    let deep = fixture.path().join("in/there");
    let journal = journal(&deep, "");
    forget(&journal, |_| true).unwrap();
    assert!(!fixture.path().exists());
    fresh(begin(&journal, "a"));
    assert!(deep.is_dir());
}
