//! Exports that fail or are interrupted leave nothing behind, and the next one writes the same bytes.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use certcentral_sim::{Fault, FaultKind};

use super::account::{FEW, fill};
use super::{command, export, files};
use crate::fixtures::{block_until, sim};

fn entries(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).expect("a directory");
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<_> = entries.map(|it| name(it).to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn an_interrupted_export_writes_nothing_and_the_next_one_the_same() {
    let sim = sim();
    fill(&sim, FEW);
    let directory = tempfile::tempdir().expect("a directory");
    let [whole, out] = ["whole", "out"].map(|name| directory.path().join(name));
    export(&sim, &whole, &[]).succeeded();
    let expected = files(&whole);
    let requests = sim.take_requests().len();
    for signal in ["INT", "TERM"] {
        for after in [0, 1, requests / 3, requests / 2, requests - 1] {
            sim.fault(Fault::any("*", FaultKind::Delay(Duration::from_secs(60))).after(after));
            let mut child = command(&sim, &out, &[])
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .expect("it starts");
            block_until(|| sim.requests().len() > after);
            let sent = Command::new("kill")
                .args([&format!("-{signal}"), &child.id().to_string()])
                .status();
            assert!(sent.expect("kill is installed").success());
            assert_eq!(child.wait().expect("a child").code(), Some(1));
            assert_eq!(entries(directory.path()), ["whole"], "after {after} requests");
            sim.clear_faults();
            sim.take_requests();
        }
    }
    export(&sim, &out, &[]).succeeded();
    assert_eq!(files(&out), expected);
}

#[test]
fn a_killed_export_leaves_the_directory_as_it_was() {
    let sim = sim();
    fill(&sim, FEW);
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("out");
    export(&sim, &out, &[]).succeeded();
    let expected = files(&out);
    let requests = sim.take_requests().len();
    for after in [1, requests / 2, requests - 1] {
        sim.fault(Fault::any("*", FaultKind::Delay(Duration::from_secs(60))).after(after));
        let mut child = command(&sim, &out, &["--force"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        block_until(|| sim.requests().len() > after);
        child.kill().expect("it runs");
        child.wait().expect("a child");
        assert_eq!(files(&out), expected);
        sim.clear_faults();
        sim.take_requests();
    }
    export(&sim, &out, &["--force"]).succeeded();
    assert_eq!(files(&out), expected);
}

#[test]
fn all_problems_are_reported_at_once_and_nothing_is_written() {
    let sim = sim();
    fill(&sim, FEW);
    let refused = |path: &str| {
        let kind = FaultKind::Status { status: 403, code: None, body: None, retry_after: None };
        sim.fault(Fault::new("GET", path, kind));
    };
    refused("/webhook");
    refused("/account/subaccount");
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("out");
    let text = export(&sim, &out, &[]).failed();
    assert!(text.contains("Cannot list digicert_webhook"), "{text}");
    assert!(text.contains("Cannot list digicert_subaccount"), "{text}");
    assert!(text.contains("use --exclude with the types that cannot be read"), "{text}");
    assert_eq!(entries(directory.path()), [""; 0]);
    export(&sim, &out, &["--exclude=webhook,subaccount"]).succeeded();
}
