//! The directory of an export.

use std::fs;

use super::{command, export, files};
use crate::fixtures::sim;

#[test]
fn files_of_an_earlier_export_are_replaced_only_with_force() {
    let sim = sim();
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("export");
    export(&sim, &out, &[]).succeeded();
    let first = files(&out);
    fs::write(out.join("main.tf"), "# mine\n").expect("writable");
    sim.take_requests();

    let refused = export(&sim, &out, &[]).failed();
    assert!(refused.contains("has files of an earlier export: account_emails.tf, "), "{refused}");
    assert!(sim.take_requests().is_empty(), "the directory is checked before the account is read");

    // What an export does not have any more is deleted, and other files stay.
    sim.with(|world| world.containers.retain(|id, _| *id == 1001));
    export(&sim, &out, &["--force"]).succeeded();
    let second = files(&out);
    assert_eq!(second["main.tf"], "# mine\n");
    assert!(first.contains_key("divisions.tf") && !second.contains_key("divisions.tf"));
    assert_eq!(first["users.tf"], second["users.tf"]);
    // Types that are not selected are not touched.
    fs::write(out.join("users.tf"), first["users.tf"].clone() + "\n").expect("writable");
    export(&sim, &out, &["--force", "--only=division"]).succeeded();
    assert!(files(&out)["users.tf"].ends_with("\n\n"));
}

#[test]
fn files_that_no_export_has_written_are_never_replaced() {
    let sim = sim();
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("export");
    fs::create_dir(&out).expect("writable");
    for content in ["", "resource \"digicert_user\" \"me\" {}\n", "# Written by me\n"] {
        fs::write(out.join("users.tf"), content).expect("writable");
        for arguments in [&[][..], &["--force"]] {
            let refused = export(&sim, &out, arguments).failed();
            assert!(refused.contains("files that no export has written: users.tf"), "{refused}");
        }
        assert_eq!(files(&out).len(), 1);
        assert_eq!(files(&out)["users.tf"], content);
    }
    assert!(sim.take_requests().is_empty(), "the directory is checked before the account is read");
    // Another name is no problem, nor is an empty directory.
    fs::rename(out.join("users.tf"), out.join("people.tf")).expect("writable");
    export(&sim, &out, &["--only=user"]).succeeded();
    assert_eq!(
        files(&out).into_keys().collect::<Vec<_>>(),
        ["people.tf", "provider.tf", "users.tf"]
    );
}

#[test]
#[cfg(unix)]
fn a_link_is_not_followed() {
    let sim = sim();
    let directory = tempfile::tempdir().expect("a directory");
    let [earlier, out] = ["earlier", "out"].map(|name| directory.path().join(name));
    export(&sim, &earlier, &[]).succeeded();
    fs::create_dir(&out).expect("writable");
    std::os::unix::fs::symlink(earlier.join("users.tf"), out.join("users.tf")).expect("writable");
    let refused = export(&sim, &out, &["--force"]).failed();
    assert!(refused.contains("files that no export has written: users.tf"), "{refused}");
}

#[test]
fn a_directory_that_cannot_be_used_is_reported_first() {
    let sim = sim();
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("file");
    fs::write(&file, "").expect("writable");
    let refused = export(&sim, &file, &[]).failed();
    assert!(refused.contains("is not a directory; choose another one with --out"), "{refused}");
    let refused = export(&sim, &directory.path().join("missing").join("export"), &[]).failed();
    assert!(refused.contains("cannot write to"), "{refused}");
    assert_eq!(sim.count("GET", "/user"), 0, "no object is read");
}

#[test]
fn a_relative_directory_is_created() {
    let sim = sim();
    let directory = tempfile::tempdir().expect("a directory");
    let mut export = command(&sim, "export".as_ref(), &["--only=user"]);
    let output = export.current_dir(directory.path()).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(files(&directory.path().join("export")).len(), 2);
}
