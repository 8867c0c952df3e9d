//! `recovery_dir` on a disk that is full.

use std::path::Path;
use std::process::Command;

use certcentral_sim::{Fault, FaultKind};

use super::cli::workspace;
use crate::cli::{Workspace, unwrapped};
use crate::fixtures::block_until;

/// A provider that has no free block on its disk: no file it writes may grow any more.
///
/// Before it starts, `limit` runs in its process.
fn with_full_disk(limit: &str) -> Workspace {
    use std::os::unix::fs::PermissionsExt;
    let mut workspace = workspace(1);
    let real = Path::new(env!("CARGO_BIN_EXE_terraform-provider-digicert"));
    let [bin, settings] = ["bin", "terraform.rc"].map(|name| workspace.path(name));
    let wrapper = bin.join("terraform-provider-digicert");
    // Without the trap, the signal that comes with the error would kill it.
    let script = format!("#!/bin/sh\ntrap '' XFSZ\n{limit}\nexec '{}' \"$@\"\n", real.display());
    std::fs::create_dir(&bin).expect("the directory is writable");
    std::fs::write(&wrapper, script).expect("the directory is writable");
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&wrapper, executable).expect("the file is writable");

    let folder = real.parent().expect("a directory").to_str().expect("UTF-8");
    let text = std::fs::read_to_string(&settings).expect("it exists");
    let text = text.replace(folder, bin.to_str().expect("UTF-8"));
    std::fs::write(&settings, text).expect("the directory is writable");
    workspace.set("WRAPPER_PID", workspace.path("pid").to_str().expect("UTF-8"));
    workspace
}

#[test]
fn a_full_disk_stops_the_create_before_the_post() {
    let workspace = with_full_disk("ulimit -f 0");
    let text = workspace.apply_fails();
    assert!(text.contains("digicert-") && text.contains("cannot write"), "{text}");
    assert!(text.contains("No request was sent"), "{text}");
    assert_eq!(workspace.sim.count("POST", "/account"), 0);
    assert!(workspace.records().is_empty());
}

#[test]
fn a_disk_that_fills_up_after_the_post_is_a_warning() {
    let workspace = with_full_disk("echo $$ > \"$WRAPPER_PID\"");
    workspace.sim.fault(Fault::new("POST", "/account", FaultKind::Hold).with_effect());
    let text = std::thread::scope(|scope| {
        let apply = scope.spawn(|| workspace.apply());
        block_until(|| workspace.sim.count("POST", "/account") == 1);
        let provider = std::fs::read_to_string(workspace.path("pid")).expect("it has started");
        let limited =
            Command::new("prlimit").args(["--fsize=0", "--pid", provider.trim()]).status();
        assert!(limited.expect("prlimit of util-linux is installed").success());
        workspace.sim.clear_faults();
        apply.join().expect("a successful apply")
    });
    let [file] = &workspace.records()[..] else { panic!("{text}") };
    let text = unwrapped(&text).replace(' ', "");
    assert!(text.contains("Responsenotrecorded"), "{text}");
    assert!(text.contains(file.to_str().expect("UTF-8")), "{text}");
    let state = workspace.state("digicert_subaccount.it[0]");
    assert_eq!(state["api_key"], workspace.sim.issued_keys()[0]);
    workspace.assert_empty_plan();
}
