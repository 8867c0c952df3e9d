//! The real Terraform (or OpenTofu, by `TF_CLI`) with the real binary, against a simulator.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use certcentral_sim::{Options, Sim};
use serde_json::Value;
use tempfile::TempDir;

use crate::host::assert_no_key;
use crate::process::{self, Process};

/// A working directory with a configuration, and its simulator.
pub(crate) struct Workspace {
    pub(crate) sim: Sim,
    directory: TempDir,
    environment: Vec<(String, String)>,
}

/// Output and exit code of a command.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    /// Standard output and error, in this order.
    pub(crate) text: String,
}

impl Workspace {
    /// A directory whose configuration uses this build of the provider and this simulator.
    pub(crate) fn new(options: Options) -> Self {
        let sim = Sim::start(options).expect("loopback has a port");
        let directory = tempfile::tempdir().expect("a temporary directory");
        let environment =
            [("DIGICERT_API_KEY", sim.api_key()), ("DIGICERT_BASE_URL", &sim.base_url())];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let workspace = Self { sim, directory, environment: environment.into() };
        let directory = Path::new(BINARY).parent().expect("a directory").display();
        let overrides = format!(
            "dev_overrides {{\n \"certcentral/digicert\" = \"{directory}\"\n}}\ndirect {{}}"
        );
        workspace.install_by(&overrides);
        workspace
    }

    /// Writes the `provider_installation` block.
    pub(crate) fn install_by(&self, methods: &str) {
        let settings = format!("provider_installation {{\n{methods}\n}}\n");
        std::fs::write(self.path("terraform.rc"), settings).expect("the directory is writable");
    }

    /// Path of a file in the directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Sets an environment variable of all later commands.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Starts a provider with `--debug`, which all later commands use.
    pub(crate) fn debug(&mut self) -> Process {
        let environment: Vec<_> =
            self.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut process = Process::start(&["--debug"], &environment);
        let reattach = loop {
            let line = process.line();
            if let Some(value) = line.strip_prefix("export TF_REATTACH_PROVIDERS=") {
                break value.trim_matches('\'').to_owned();
            }
        };
        self.set("TF_REATTACH_PROVIDERS", &reattach);
        process
    }

    /// Replaces the configuration. `hcl` need not name the provider.
    pub(crate) fn write(&self, hcl: &str) {
        std::fs::write(self.path("main.tf"), format!("{REQUIRED}\n{hcl}\n"))
            .expect("the directory is writable");
    }

    /// Replaces the configuration with one resource, named `it`.
    pub(crate) fn write_block(&self, resource_type: &str, block: &str) {
        self.write(&format!("resource {resource_type:?} \"it\" {{\n{block}\n}}"));
    }

    /// A command of the CLI that has not been started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = process::command(&program());
        command
            .current_dir(self.directory.path())
            .env("TF_CLI_CONFIG_FILE", self.path("terraform.rc"))
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_IN_AUTOMATION", "1")
            .env("TF_LOG", "TRACE")
            .env("TF_LOG_PATH", self.path("trace.log"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .args(arguments);
        command
    }

    /// Runs a command, and searches its output and log for keys.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let ran = self.run_quietly(arguments);
        assert_no_key(&self.sim, &format!("terraform {}", arguments.join(" ")), &ran.text);
        ran
    }

    /// Runs a command whose output may contain a key.
    fn run_quietly(&self, arguments: &[&str]) -> Ran {
        let output = run(&mut self.command(arguments));
        let log = std::fs::read(self.path("trace.log")).unwrap_or_default();
        assert_no_key(&self.sim, "the log", &String::from_utf8_lossy(&log));
        let text = [output.stdout, output.stderr].concat();
        Ran { code: output.status.code(), text: String::from_utf8_lossy(&text).into_owned() }
    }

    /// Applies, successfully.
    pub(crate) fn apply(&self) -> String {
        self.run(&["apply", "-auto-approve", "-input=false", "-no-color"]).succeeded()
    }

    /// Applies, with an error.
    pub(crate) fn apply_fails(&self) -> String {
        self.run(&["apply", "-auto-approve", "-input=false", "-no-color"]).failed()
    }

    /// Plans; the exit code is 0 for an empty plan and 2 for one with changes.
    pub(crate) fn plan(&self) -> Ran {
        self.run(&["plan", "-detailed-exitcode", "-input=false", "-no-color"])
    }

    /// Plans without changes.
    pub(crate) fn assert_empty_plan(&self) {
        let plan = self.plan();
        assert_eq!(plan.code, Some(0), "the plan is not empty:\n{}", plan.text);
    }

    /// Plans with changes.
    pub(crate) fn assert_plan(&self) -> String {
        let plan = self.plan();
        assert_eq!(plan.code, Some(2), "the plan has no changes:\n{}", plan.text);
        plan.text
    }

    /// Destroys everything.
    pub(crate) fn destroy(&self) -> String {
        self.run(&["destroy", "-auto-approve", "-input=false", "-no-color"]).succeeded()
    }

    /// Attributes of the object at an address in the state; null if the state does not have it.
    pub(crate) fn state(&self, address: &str) -> Value {
        let shown = self.run_quietly(&["show", "-json"]);
        assert_eq!(shown.code, Some(0), "{}", shown.text);
        let state: Value = serde_json::from_str(&shown.text).expect("JSON");
        let resources = state["values"]["root_module"]["resources"].as_array();
        let found = resources.into_iter().flatten().find(|it| it["address"] == address);
        found.map_or(Value::Null, |resource| resource["values"].clone())
    }

    /// Removes the object at an address from the state.
    pub(crate) fn forget(&self, address: &str) {
        self.run(&["state", "rm", address]).succeeded();
    }

    /// Edits the stored state of a resource type, for example as another version would write it.
    pub(crate) fn edit_state(&self, resource_type: &str, edit: impl Fn(&mut Value)) {
        let path = self.path("terraform.tfstate");
        let text = std::fs::read_to_string(&path).expect("a state");
        let mut state: Value = serde_json::from_str(&text).expect("JSON");
        for resource in state["resources"].as_array_mut().into_iter().flatten() {
            if resource["type"] == resource_type {
                resource["instances"].as_array_mut().into_iter().flatten().for_each(&edit);
            }
        }
        std::fs::write(&path, state.to_string()).expect("the directory is writable");
    }

    /// Write requests since the last call, as `METHOD path body`, with the ID of an object as `{id}`.
    pub(crate) fn writes(&self, id: &str) -> Vec<String> {
        let requests = self.sim.take_requests().into_iter().filter(|it| it.method != "GET");
        requests
            .map(|request| {
                let path = match id {
                    "" => request.path,
                    id => request.path.replace(id, "{id}"),
                };
                let mut line = format!("{} {path}", request.method);
                if !request.body.is_null() {
                    write!(line, " {}", request.body).expect("a string takes it");
                }
                line
            })
            .collect()
    }
}

impl Ran {
    /// The output of a command that must succeed.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.text);
        self.text
    }

    /// The output of a command that must fail, without line breaks.
    #[track_caller]
    pub(crate) fn failed(self) -> String {
        assert_eq!(self.code, Some(1), "{}", self.text);
        unwrapped(&self.text)
    }
}

/// The text without the frame around diagnostics and without line breaks within sentences.
pub(crate) fn unwrapped(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_start_matches(['│', '╷', '╵', ' ']).trim_end());
    lines.collect::<Vec<_>>().join(" ").replace("  ", " ")
}

/// The configuration without the provider `hashicorp/time`, which tests cannot download: `terraform_data`, which
/// is built in, stands in for `time_rotating`. Both have an `id`.
pub(crate) fn without_time(configuration: &str) -> String {
    configuration.replace("time_rotating", "terraform_data").replace("rotation_days", "input")
}

/// Whether the CLI imports by identity, as Terraform and OpenTofu 1.12 do.
pub(crate) fn imports_by_identity() -> bool {
    let output = run(process::command(&program()).args(["version", "-json"]));
    let version: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let version = version["terraform_version"].as_str().unwrap_or_default().to_owned();
    let mut numbers = version.split(['.', '-']).map(|it| it.parse::<u32>().unwrap_or_default());
    let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    (major, minor) >= (1, 12)
}

/// The CLI to test with.
pub(crate) fn program() -> String {
    std::env::var("TF_CLI").unwrap_or_else(|_| "terraform".to_owned())
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| {
        let program = command.get_program().to_string_lossy();
        panic!(
            "these tests run the real `{program}`, which did not start ({error}): put Terraform 1.11 or later \
             on the PATH, or OpenTofu with TF_CLI=tofu"
        )
    })
}

/// Where cargo puts the provider.
const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-digicert");

const REQUIRED: &str = r#"terraform {
  required_providers {
    digicert = {
      source = "certcentral/digicert"
    }
  }
}
"#;
