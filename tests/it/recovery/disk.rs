//! `recovery_dir` on a disk that is full.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use certcentral_sim::{Fault, FaultKind};

use super::cli::workspace;
use crate::cli::{Workspace, unwrapped};
use crate::wire::DEADLINE;

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
    std::fs::create_dir(&bin).expect("the folder is ours");
    std::fs::write(&wrapper, script).expect("the folder is ours");
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&wrapper, executable).expect("the file is ours");

    let folder = real.parent().expect("a folder").to_str().expect("UTF-8");
    let text = std::fs::read_to_string(&settings).expect("it is there");
    let text = text.replace(folder, bin.to_str().expect("UTF-8"));
    std::fs::write(&settings, text).expect("the folder is ours");
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
    let delay = FaultKind::Delay(Duration::from_secs(1));
    workspace.sim.fault(Fault::new("POST", "/account", delay).with_effect());
    let text = std::thread::scope(|scope| {
        let apply = scope.spawn(|| workspace.apply());
        let begin = Instant::now();
        while workspace.sim.count("POST", "/account") == 0 {
            assert!(begin.elapsed() < DEADLINE, "the apply sends it");
            std::thread::sleep(Duration::from_millis(5));
        }
        let provider = std::fs::read_to_string(workspace.path("pid")).expect("it has started");
        let limited =
            Command::new("prlimit").args(["--fsize=0", "--pid", provider.trim()]).status();
        assert!(limited.expect("prlimit of util-linux is there").success());
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
