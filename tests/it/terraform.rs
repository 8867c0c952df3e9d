//! Terraform, or OpenTofu with `TF_CLI`, loads the binary.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::cli::program;
use crate::process::{self, Process};

#[tokio::test]
async fn debug_mode_serves_terraform_until_interrupted() {
    let mut process = Process::start(&["--debug"], &[]);
    let export = loop {
        let line = process.line();
        if line.starts_with("export ") {
            break line;
        }
    };
    for _ in 0..2 {
        let script = format!("{export}; exec {} providers schema -json", program());
        assert_schema(configuration("").command("sh").args(["-c", &script]).output());
    }
    assert!(process.runs(), "it continues after the hosts");
    process.signal("INT");
    assert_eq!(process.exit().await.code(), Some(0));
    assert!(process.leftovers().is_empty());
}

#[test]
fn terraform_loads_the_provider() {
    let binary = Path::new(env!("CARGO_BIN_EXE_terraform-provider-digicert"));
    let directory = binary.parent().expect("a directory").display();
    let overrides = format!(r#"dev_overrides {{ "certcentral/digicert" = "{directory}" }}"#);
    let configuration = configuration(&overrides);
    let schema = |name, value| {
        let mut terraform = configuration.command(&program());
        assert_schema(terraform.args(["providers", "schema", "-json"]).env(name, value).output())
    };

    let log = schema("TF_LOG", "TRACE");
    // Terraform parsed the line as one of hclog's, and shut the process down in order.
    let serving = log
        .lines()
        .find(|line| line.contains("[DEBUG] provider.terraform-provider-digicert: serving: "));
    let serving = serving.unwrap_or_else(|| panic!("{log}"));
    assert!(serving.contains("tls=true") && serving.contains("@module=digicert"), "{serving}");
    assert!(!log.contains("failed to exit gracefully"), "{log}");

    schema("TF_DISABLE_PLUGIN_TLS", "1");
}

/// A directory with a configuration that requires the provider.
struct Configuration(TempDir);

fn configuration(installation: &str) -> Configuration {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let main = r#"
        terraform {
          required_providers {
            digicert = { source = "certcentral/digicert" }
          }
        }"#;
    let settings = format!("provider_installation {{\n{installation}\ndirect {{}}\n}}\n");
    std::fs::write(directory.path().join("main.tf"), main).expect("the directory is writable");
    std::fs::write(directory.path().join("terraform.rc"), settings)
        .expect("the directory is writable");
    Configuration(directory)
}

impl Configuration {
    fn command(&self, program: &str) -> Command {
        let mut command = process::command(program);
        command
            .current_dir(&self.0)
            .env("TF_CLI_CONFIG_FILE", self.0.path().join("terraform.rc"))
            .env("CHECKPOINT_DISABLE", "1");
        command
    }
}

/// Fails unless Terraform has printed the schema. Returns its output on stderr.
fn assert_schema(output: std::io::Result<Output>) -> String {
    let output = output.expect("Terraform or OpenTofu must be on the PATH, or named by TF_CLI");
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{log}");
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let schemas = schema["provider_schemas"].as_object().expect("there are schemas");
    // The address begins with the registry of the CLI.
    assert!(schemas.keys().any(|address| address.ends_with("/certcentral/digicert")), "{schema}");
    log
}
