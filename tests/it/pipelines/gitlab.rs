//! The pipeline of GitLab CI.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use certcentral_sim::{Fault, FaultKind};
use serde_json::Value;

use super::site::{Site, ran};
use super::state_server::StateServer;
use super::{GITLAB, parse, variables};
use crate::cli::Ran;
use crate::fixtures::{Output, block_until};

/// A project with its pipeline and its state.
struct Project {
    site: Site,
    pipeline: Value,
    states: StateServer,
}

impl Project {
    fn new() -> Self {
        let site = Site::new("gitlab");
        site.lock();
        Self { site, pipeline: parse(GITLAB), states: StateServer::start() }
    }

    /// A job with what it extends.
    fn job(&self, name: &str) -> Value {
        let mut job = self.pipeline[name].clone();
        let Some(extended) = job["extends"].as_str() else { return job };
        for (key, value) in self.pipeline[extended].as_object().expect("a job") {
            if job[key].is_null() {
                job[key] = value.clone();
            }
        }
        job
    }

    /// The shell of a job in its directory, which has the artifacts of the jobs that it needs.
    fn command(&self, name: &str) -> (Command, PathBuf) {
        let job = self.job(name);
        let directory = self.site.checkout();
        for needed in lines(&job["needs"]) {
            for file in lines(&self.pipeline[&needed]["artifacts"]["paths"]) {
                let from = self.site.path("artifacts").join(&file);
                fs::copy(from, directory.join(file)).expect("it was uploaded");
            }
        }
        let script = [lines(&job["before_script"]), lines(&job["script"])].concat().join("\n");
        let mut command = self.site.command("sh", &directory);
        command.args(["-ec", &script]);
        // The key of the environment `production`, or that of all other jobs.
        let is_production = job["environment"] == "production";
        let key = if is_production { self.site.sim.api_key() } else { &self.site.view_key };
        command.env("DIGICERT_API_KEY", key).env("DIGICERT_ACCOUNT_ID", "100001");
        for variables in [&self.pipeline["variables"], &job["variables"]].map(variables) {
            command.envs(variables.into_iter().map(|(name, value)| (name, self.expanded(&value))));
        }
        (command, directory)
    }

    fn ran(&self, name: &str) -> Ran {
        let (mut command, directory) = self.command(name);
        let ran = ran(&mut command);
        for file in lines(&self.pipeline[name]["artifacts"]["paths"]) {
            let to = self.site.path("artifacts").join(&file);
            fs::copy(directory.join(file), to).expect("the job writes its artifacts");
        }
        ran
    }

    /// Values that GitLab sets, and the volume of the runner in a directory of this test.
    fn expanded(&self, value: &str) -> String {
        let known = [
            ("$CI_API_V4_URL", self.states.url.clone()),
            ("$CI_PROJECT_ID", "42".to_owned()),
            ("$CI_JOB_TOKEN", "token".to_owned()),
            ("/recovery/", self.site.path("recovery").display().to_string() + "/"),
        ];
        let expanded =
            known.iter().fold(value.to_owned(), |text, (name, it)| text.replace(name, it));
        assert!(!expanded.contains('$'), "{expanded} is not understood");
        expanded
    }

    /// Names of the records on the volume.
    fn records(&self) -> Vec<String> {
        let entries = fs::read_dir(self.site.path("recovery/certcentral")).into_iter().flatten();
        let names = entries.map(|entry| entry.expect("an entry").file_name().display().to_string());
        names.filter(|name| name != ".lock").collect()
    }
}

/// The texts of a list.
fn lines(value: &Value) -> Vec<String> {
    let elements = value.as_array().into_iter().flatten();
    elements.map(|it| it.as_str().expect("a text").to_owned()).collect()
}

#[test]
fn jobs_start_for_their_events_and_one_at_a_time() {
    let pipeline = parse(GITLAB);
    for (job, rule) in [
        ("test", r#"$CI_PIPELINE_SOURCE != "schedule""#),
        ("plan", r#"$CI_PIPELINE_SOURCE == "push""#),
        ("apply", r#"$CI_PIPELINE_SOURCE == "push""#),
        ("drift", r#"$CI_PIPELINE_SOURCE == "schedule""#),
    ] {
        assert_eq!(pipeline[job]["rules"][0]["if"], rule, "{job}");
        let extends = pipeline[job]["extends"] == ".terraform";
        assert_eq!(extends, job != "test", "{job}");
    }
    assert!(pipeline[".terraform"]["resource_group"].is_string());
    assert_eq!(pipeline["apply"]["rules"][0]["when"], "manual");
}

#[test]
fn a_push_is_tested_planned_and_applied_and_drift_fails_its_job() {
    let project = Project::new();
    let text = project.ran("test").succeeded();
    assert!(text.contains("certcentral-sim_0.1.0_linux_amd64.zip: OK"), "{text}");
    assert!(text.contains("Success!"), "{text}");
    assert_eq!(project.site.sim.take_requests().len(), 0, "tests do not reach the account");
    assert!(project.records().is_empty());

    project.ran("plan").succeeded();
    let text = project.ran("apply").succeeded();
    assert!(text.contains("Apply complete! Resources: 2 added"), "{text}");
    let key = project.site.sim.issued_keys().pop().expect("a key was issued");
    assert_eq!(project.site.key_in(&project.states.state()), *key);
    assert!(project.records().iter().all(|it| it.ends_with(".delivered")));
    assert_eq!(project.records().len(), 1);
    assert_eq!(project.states.locked(), 2, "a plan and an apply");

    assert!(project.ran("drift").succeeded().contains("No changes."));
    assert!(project.records().is_empty(), "the state has the key");
    project.site.sim.with(|world| {
        let division = world.containers.values_mut().find(|it| it.name == "Operations");
        division.expect("it was applied").name = "Renamed".to_owned();
    });
    let drift = project.ran("drift");
    assert_eq!(drift.code, Some(2), "{}", drift.text);
    assert!(drift.text.contains("\"Renamed\""), "{}", drift.text);
}

#[test]
fn a_plan_of_an_earlier_state_is_not_applied() {
    let project = Project::new();
    project.ran("plan").succeeded();
    project.ran("apply").succeeded();
    let text = project.ran("apply").failed();
    assert!(text.contains("Saved plan is stale"), "{text}");
}

/// The container is stopped: every process in it gets SIGTERM, the provider before Terraform. Terraform
/// saves the key, or the next apply restores it from the record.
#[test]
fn a_canceled_apply_loses_no_key_if_the_response_arrives_in_time() {
    let project = Project::new();
    project.ran("plan").succeeded();
    let sim = &project.site.sim;
    sim.fault(Fault::new("POST", "/account", FaultKind::Hold).with_effect());
    let (mut command, _) = project.command("apply");
    let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut shell = command.spawn().expect("it starts");
    block_until(|| sim.count("POST", "/account") == 1);
    let terraform = children(&shell.id().to_string());
    for process in terraform.iter().flat_map(|it| children(it)).chain(terraform.clone()) {
        // A provider of an earlier phase may have exited.
        drop(Command::new("kill").args(["-TERM", &process]).status());
    }
    let mut output = Output::of(shell.stdout.take());
    output.wait_for("Interrupt received");
    sim.clear_faults();
    shell.wait().expect("a child");
    assert_eq!(project.states.locked(), 2, "the state is unlocked");

    project.ran("plan").succeeded();
    project.ran("apply").succeeded();
    let key = sim.issued_keys().pop().expect("a key was issued");
    assert_eq!(project.site.key_in(&project.states.state()), *key);
    assert_eq!(sim.count("POST", "/account"), 1);
    project.ran("drift").succeeded();
    assert!(project.records().is_empty());
}

/// The processes that a process has started.
fn children(process: &str) -> Vec<String> {
    let output = Command::new("ps").args(["-o", "pid=", "--ppid", process]).output();
    let output = String::from_utf8(output.expect("ps is there").stdout).expect("UTF-8");
    output.split_whitespace().map(str::to_owned).collect()
}
