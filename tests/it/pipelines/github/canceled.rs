//! A run is canceled during its apply, and what is left is restored.

use std::fs;
use std::process::{Child, Command, Stdio};

use certcentral_sim::{Fault, FaultKind};
use serde_json::Value;

use super::{Job, Run, site, state};
use crate::fixtures::{Output, block_until};
use crate::pipelines::site::{Site, ran};
use crate::pipelines::{fenced, file, guide};

/// A repository with nothing but the subaccount: of what was created before, a killed Terraform may not have saved
/// the state.
fn site_of_subaccount() -> Site {
    let site = site();
    let configuration = file("main.tf");
    let (_, division) = configuration.split_once("resource \"digicert_division\"").expect("one");
    let (division, _) = division.split_once("\n}\n").expect("it ends");
    site.edit(&format!("resource \"digicert_division\"{division}\n}}\n"), "");
    site
}

/// The step `Apply`, interrupted while the request for a subaccount is at CertCentral and has no response yet. Its output
/// has to be kept until it exits.
fn interrupted(job: &mut Job<'_>) -> (Child, Output<impl std::io::Read + use<>>) {
    let apply = job.step("Apply");
    let before = job.steps[..apply].to_vec();
    job.run(&before, &[]).succeeded();
    let sim = &job.run.site.sim;
    sim.fault(Fault::new("POST", "/account", FaultKind::Hold).with_effect());
    let script = job.steps[apply]["run"].as_str().unwrap_or_default();
    assert!(script.starts_with("exec "), "a shell would not pass the signal on: {script}");
    let mut command = job.command(&job.steps[apply], &[]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    block_until(|| sim.count("POST", "/account") == 1);
    let mut output = Output::of(child.stdout.take());
    signal("INT", &child);
    output.wait_for("Interrupt received");
    (child, output)
}

/// Sends a signal to the process of a step and to no other, as the runner does.
fn signal(name: &str, step: &Child) {
    let sent = Command::new("kill").args([&format!("-{name}"), &step.id().to_string()]).status();
    assert!(sent.expect("kill is there").success());
}

#[test]
fn a_canceled_apply_saves_the_key_if_the_response_arrives_in_time() {
    let site = site_of_subaccount();
    let mut run = Run::new(&site);
    run.ran("plan").succeeded();
    let mut job = run.job("apply");
    let (mut step, _output) = interrupted(&mut job);
    site.sim.clear_faults();
    step.wait().expect("a child");
    let key = site.sim.issued_keys().pop().expect("a key was issued");
    let state: Value = serde_json::from_str(&state(&site)).expect("a state");
    assert!(state.to_string().contains(&key), "{state}");
}

#[test]
fn a_key_that_came_too_late_is_restored_from_the_artifact() {
    let site = site_of_subaccount();
    let mut run = Run::new(&site);
    run.ran("plan").succeeded();
    let mut job = run.job("apply");
    let (mut step, _output) = interrupted(&mut job);
    signal("TERM", &step);
    let mut errors = Output::of(step.stderr.take());
    errors.wait_for("Two interrupts received");
    signal("KILL", &step);
    step.wait().expect("a child");
    // The provider still waits for the response, for a moment.
    site.sim.clear_faults();
    let record = || {
        fs::read_dir(job.temporary.join("recovery")).into_iter().flatten().any(|entry| {
            let path = entry.expect("an entry").path();
            fs::read_to_string(path).is_ok_and(|text| text.contains("api_key"))
        })
    };
    block_until(record);
    let key = site.sim.issued_keys().pop().expect("a key was issued");
    assert!(!state(&site).contains(&key), "Terraform did not wait for it");

    job.failed = true;
    let rest = job.steps[job.step("Apply") + 1..].to_vec();
    assert_eq!(job.run(&rest, &[]).code, Some(1));
    let artifact = fs::read(site.path("artifacts/incomplete-apply/incomplete.tar.gpg"));
    let artifact = artifact.expect("it was uploaded");
    assert!(!artifact.windows(key.len()).any(|it| it == key.as_bytes()), "it is encrypted");
    restore(&site, run.passphrase);
    assert_eq!(site.key_in(&state(&site)), *key);
    assert_eq!(site.sim.count("POST", "/account"), 1);
}

/// The commands of the guide, on the machine of a person.
fn restore(site: &Site, passphrase: &str) {
    let guide = guide();
    let commands = fenced(&guide, "shell").into_iter().find(|it| it.contains("gh run download"));
    let commands = commands.expect("the guide has them");
    let download = format!("cp {}/* .", site.path("artifacts/incomplete-apply").display());
    let gh = site.path("bin/gh");
    fs::write(&gh, format!("#!/bin/sh\n{download}\n")).expect("the directory is writable");
    Command::new("chmod").arg("+x").arg(gh).status().expect("chmod is there");
    let typed = site.path("typed");
    fs::write(&typed, format!("{passphrase}\nyes\n")).expect("the directory is writable");
    let mut shell = site.command("bash", &site.checkout());
    shell
        .args(["-ec", commands])
        .env("DIGICERT_API_KEY", site.sim.api_key())
        .stdin(fs::File::open(typed).expect("it was written"));
    let text = ran(&mut shell).succeeded();
    assert!(text.contains("restored from recovery_dir"), "{text}");
}
