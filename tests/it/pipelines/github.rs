//! The workflow of GitHub Actions.

mod canceled;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::site::{Site, ran};
use super::{GITHUB, parse, variables};
use crate::cli::Ran;

/// A run of the workflow.
struct Run<'a> {
    site: &'a Site,
    workflow: Value,
    passphrase: &'static str,
    /// The output of the job `plan`.
    exitcode: String,
}

/// A job on a fresh runner.
struct Job<'a> {
    run: &'a Run<'a>,
    environment: String,
    steps: Vec<Value>,
    directory: PathBuf,
    temporary: PathBuf,
    outputs: BTreeMap<String, String>,
    failed: bool,
}

impl<'a> Run<'a> {
    fn new(site: &'a Site) -> Self {
        let workflow = parse(GITHUB);
        Self { site, workflow, passphrase: "correct horse", exitcode: String::new() }
    }

    fn job(&self, name: &str) -> Job<'_> {
        let job = &self.workflow["jobs"][name];
        let directory = self.site.checkout();
        let temporary = directory.with_extension("temporary");
        fs::create_dir(&temporary).expect("the directory is writable");
        Job {
            run: self,
            environment: job["environment"].as_str().unwrap_or_default().to_owned(),
            steps: job["steps"].as_array().expect("steps").clone(),
            directory,
            temporary,
            outputs: BTreeMap::new(),
            failed: false,
        }
    }

    /// Runs a job to its end. Outputs are kept.
    fn ran(&mut self, name: &str) -> Ran {
        let (ran, exitcode) = {
            let mut job = self.job(name);
            let environment = job.environment_of(&self.workflow["jobs"][name]["env"]);
            let ran = job.run(&job.steps.clone(), &environment);
            (ran, job.outputs.get("plan.exitcode").cloned())
        };
        self.exitcode = exitcode.unwrap_or_else(|| self.exitcode.clone());
        ran
    }

    /// Whether the condition of a job holds for an event.
    fn starts(&self, name: &str, event: &str) -> bool {
        let condition = self.workflow["jobs"][name]["if"].as_str().expect("every job has one");
        let values =
            [("github.event_name", event), ("needs.plan.outputs.exitcode", &self.exitcode)];
        let holds = values.iter().find_map(|(variable, value)| {
            let equal =
                condition.strip_prefix(variable)?.strip_prefix(" == '").map(|it| (it, true));
            let unequal =
                || Some((condition.strip_prefix(variable)?.strip_prefix(" != '")?, false));
            let (wanted, is_equal) = equal.or_else(unequal)?;
            Some((wanted.trim_end_matches('\'') == *value) == is_equal)
        });
        holds.unwrap_or_else(|| panic!("{condition} is not understood"))
    }
}

impl Job<'_> {
    /// The values of environment variables, with expressions replaced.
    fn environment_of(&self, of: &Value) -> Vec<(String, String)> {
        let pairs = variables(of).into_iter();
        pairs.map(|(name, value)| (name, self.replaced(&value))).collect()
    }

    /// Runs steps until one fails, and after that those that run in this case. Returns what they print, and 1
    /// if one has failed.
    fn run(&mut self, steps: &[Value], environment: &[(String, String)]) -> Ran {
        let mut text = String::new();
        for step in steps {
            if !self.condition_holds(step) {
                continue;
            }
            if step["uses"].is_string() {
                self.transfer(step);
                continue;
            }
            let output = self.directory.with_extension("output");
            fs::write(&output, "").expect("the directory is writable");
            let ran = ran(&mut self.command(step, environment));
            text += &ran.text;
            self.failed |= ran.code != Some(0);
            let lines = fs::read_to_string(&output).expect("it was written");
            for (name, value) in lines.lines().filter_map(|line| line.split_once('=')) {
                let step = step["id"].as_str().expect("a step with outputs has an ID");
                self.outputs.insert(format!("{step}.{name}"), value.to_owned());
            }
        }
        Ran { code: Some(i32::from(self.failed)), text }
    }

    /// The shell of a step, as the runner starts it.
    fn command(&self, step: &Value, environment: &[(String, String)]) -> Command {
        let script = self.directory.with_extension("sh");
        let text = self.replaced(step["run"].as_str().expect("a script"));
        assert_eq!(text, step["run"], "the value of an expression in a script would run as code");
        fs::write(&script, text).expect("the directory is writable");
        let mut command = self.run.site.command("bash", &self.directory);
        command
            .arg("-e")
            .arg(script)
            .env("GITHUB_OUTPUT", self.directory.with_extension("output"))
            .env("RUNNER_TEMP", &self.temporary)
            .envs(self.environment_of(&self.run.workflow["env"]))
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .envs(self.environment_of(&step["env"]));
        command
    }

    fn step(&self, name: &str) -> usize {
        self.steps.iter().position(|it| it["name"] == name).expect("a step has the name")
    }

    fn condition_holds(&self, step: &Value) -> bool {
        match step["if"].as_str() {
            None => !self.failed,
            Some("${{ !success() }}") => self.failed,
            Some(condition) => {
                let (value, wanted) = condition.split_once(" == ").expect("a comparison");
                !self.failed && self.value(value) == wanted.trim_matches('\'')
            }
        }
    }

    /// Uploads or downloads an artifact. Other actions prepare the runner, which is done here.
    fn transfer(&self, step: &Value) {
        let action = step["uses"].as_str().unwrap_or_default();
        if !action.contains("load-artifact@") {
            return;
        }
        let artifact =
            self.run.site.path("artifacts").join(step["with"]["name"].as_str().expect("a name"));
        if let Some(file) = step["with"]["path"].as_str() {
            fs::create_dir_all(&artifact).expect("the directory is writable");
            fs::copy(self.directory.join(file), artifact.join(file)).expect("there is a file");
            return;
        }
        for entry in fs::read_dir(artifact).expect("it was uploaded") {
            let path = entry.expect("an entry").path();
            let to = self.directory.join(path.file_name().expect("a file"));
            fs::copy(path, to).expect("the directory is writable");
        }
    }

    fn replaced(&self, text: &str) -> String {
        let mut parts = text.split("${{ ");
        let mut replaced = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (expression, rest) = part.split_once(" }}").expect("an expression ends");
            replaced = replaced + &self.value(expression) + rest;
        }
        replaced
    }

    fn value(&self, expression: &str) -> String {
        match expression {
            "vars.DIGICERT_ACCOUNT_ID" => "100001".to_owned(),
            "secrets.PLAN_PASSPHRASE" => self.run.passphrase.to_owned(),
            // Each environment has its own key.
            "secrets.DIGICERT_API_KEY" if self.environment == "plan" => {
                self.run.site.view_key.clone()
            }
            "secrets.DIGICERT_API_KEY" if self.environment == "production" => {
                self.run.site.sim.api_key().to_owned()
            }
            "runner.temp" => self.temporary.display().to_string(),
            _ => {
                let output =
                    expression.strip_prefix("steps.").and_then(|it| it.split_once(".outputs."));
                let (step, name) =
                    output.unwrap_or_else(|| panic!("{expression} is not understood"));
                self.outputs.get(&format!("{step}.{name}")).cloned().unwrap_or_default()
            }
        }
    }
}

/// A repository whose states are in a local directory: there is no S3 here.
fn site() -> Site {
    let site = Site::new("github");
    let state = site.path("state/terraform.tfstate");
    let backend = format!("terraform {{\n backend \"local\" {{\n path = {state:?}\n }}\n}}\n");
    fs::write(site.path("repository/backend_override.tf"), backend).expect("it is writable");
    site.lock();
    site
}

fn state(site: &Site) -> String {
    fs::read_to_string(site.path("state/terraform.tfstate")).unwrap_or_default()
}

#[test]
fn jobs_start_for_their_events() {
    let site = site();
    let mut run = Run::new(&site);
    run.exitcode = "2".to_owned();
    let starting = |event: &str| {
        let jobs =
            ["test", "plan", "apply", "drift"].into_iter().filter(|job| run.starts(job, event));
        // A job without the one that it needs does not start.
        let skipped = |job: &str| job == "apply" && !run.starts("plan", event);
        jobs.filter(|job| !skipped(job)).collect::<Vec<_>>()
    };
    assert_eq!(starting("pull_request"), ["test"]);
    assert_eq!(starting("push"), ["test", "plan", "apply"]);
    assert_eq!(starting("schedule"), ["drift"]);
    for job in ["test", "plan", "drift"] {
        let uses = run.workflow["jobs"][job].to_string().contains("secrets.DIGICERT_API_KEY");
        assert_eq!(uses, job != "test", "a pull request reaches no secret");
    }
}

#[test]
fn a_push_is_tested_planned_and_applied_and_drift_is_reported() {
    let site = site();
    let mut run = Run::new(&site);
    let text = run.ran("test").succeeded();
    assert!(text.contains("certcentral-sim_0.1.0_linux_amd64.zip: OK"), "{text}");
    assert!(text.contains("Success!"), "{text}");
    assert_eq!(site.sim.take_requests().len(), 0, "tests do not reach the account");

    run.ran("plan").succeeded();
    assert!(run.starts("apply", "push"), "there are changes");
    let text = run.ran("apply").succeeded();
    assert!(text.contains("Apply complete! Resources: 2 added"), "{text}");
    let key = site.sim.issued_keys().pop().expect("a key was issued");
    assert_eq!(site.key_in(&state(&site)), *key);
    assert!(run.ran("drift").succeeded().contains("No changes."));

    fs::remove_dir_all(site.path("artifacts/plan")).expect("it was uploaded");
    run.ran("plan").succeeded();
    assert!(!run.starts("apply", "push"), "nothing is to be approved");
    assert!(!site.path("artifacts/plan").exists());

    site.sim.with(|world| {
        let division = world.containers.values_mut().find(|it| it.name == "Operations");
        division.expect("it was applied").name = "Renamed".to_owned();
    });
    let drift = run.ran("drift");
    assert_eq!(drift.code, Some(1), "{}", drift.text);
    assert!(drift.text.contains("::error title=Drift::"), "{}", drift.text);
    assert!(drift.text.contains("\"Renamed\""), "{}", drift.text);
}

#[test]
fn the_key_in_a_plan_is_encrypted() {
    let site = site();
    let mut run = Run::new(&site);
    run.ran("plan").succeeded();
    run.ran("apply").succeeded();
    let key = site.sim.issued_keys().pop().expect("a key was issued");

    site.edit("\"Operations\"", "\"Operations 2\"");
    let mut job = run.job("plan");
    job.run(&job.steps.clone(), &[]).succeeded();
    let mut show = site.command("terraform", &job.directory);
    let text = ran(show.args(["show", "-json", "plan.tfplan"])).succeeded();
    assert!(text.contains(&key), "the guide warns of it");
    let uploaded = site.path("artifacts/plan/plan.tfplan.gpg");
    assert_eq!(fs::read_dir(site.path("artifacts/plan")).expect("it was uploaded").count(), 1);
    let decrypt = |passphrase: &str| {
        let mut gpg = site.command("gpg", &job.directory);
        gpg.args(["--batch", "--pinentry-mode", "loopback", "--passphrase", passphrase]);
        gpg.args(["--quiet", "--decrypt"]).arg(&uploaded).output().expect("gpg is there")
    };
    let plan = fs::read(job.directory.join("plan.tfplan")).expect("it was written");
    assert!(decrypt(run.passphrase).stdout == plan);
    assert!(!decrypt("another").status.success());

    // A plan without the secret is not uploaded.
    let mut run = Run { passphrase: "", ..Run::new(&site) };
    fs::remove_dir_all(site.path("artifacts/plan")).expect("it was uploaded");
    let ran = run.ran("plan");
    assert!(ran.text.contains("The secret PLAN_PASSPHRASE is not set."), "{}", ran.text);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert!(!site.path("artifacts/plan").exists());
}
