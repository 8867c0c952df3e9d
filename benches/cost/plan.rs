//! `terraform plan` of unchanged users.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use certcentral_sim::Sim;
use serde_json::{Value, json};

use crate::objects::{self, Object};
use crate::report::{Samples, Table, budget, mebibytes};
use crate::witness::{self, Cost};
use crate::{Effort, process, system};

pub(crate) fn tables(effort: Effort) -> Vec<Table> {
    let counts: &[(usize, usize)] =
        if effort.quick { &[(100, 1), (1_000, 1)] } else { &[(100, 5), (1_000, 5), (10_000, 1)] };
    let mut table = Table::new(
        "`terraform plan` of unchanged users, `rate_limits = []` (medians)",
        &[
            "",
            "runs",
            "wall time",
            "CPU time of Terraform",
            "of the provider",
            "provider / Terraform",
            "requests",
            "memory of the largest process",
            "budget",
        ],
    );
    for (count, runs) in counts {
        table.row(row(*count, *runs));
    }
    table.note(
        "The CPU time of the provider includes all processes that Terraform starts for one plan, with their \
         startup and TLS.",
    );
    vec![table]
}

/// Measurements of one command.
pub(crate) struct Run {
    pub(crate) wall: Duration,
    terraform: Duration,
    pub(crate) cost: Cost,
    pub(crate) requests: usize,
}

fn row(count: usize, runs: usize) -> Vec<String> {
    let sim = objects::simulator();
    let users: Vec<_> = (0..count).map(|number| objects::user(&sim, number)).collect();
    let directory = tempfile::tempdir().expect("a temporary directory");
    write(directory.path(), &users);
    let runs: Vec<_> = (0..runs).map(|_| plan(directory.path(), &sim)).collect();
    let median =
        |of: fn(&Run) -> f64| Samples::from(runs.iter().map(of).collect::<Vec<_>>()).median();
    let memory = median(|it| mebibytes(it.cost.peak));
    let share = median(|it| it.cost.provider.as_secs_f64() / it.terraform.as_secs_f64() * 100.0);
    vec![
        format!("{count} users"),
        runs.len().to_string(),
        format!("{:.2} s", median(|it| it.wall.as_secs_f64())),
        format!("{:.2} s", median(|it| it.terraform.as_secs_f64())),
        format!(
            "{:.3} s in {}",
            median(|it| it.cost.provider.as_secs_f64()),
            runs[0].cost.processes
        ),
        format!("{share:.1} %"),
        runs[0].requests.to_string(),
        format!("{memory:.1} MiB"),
        budgets(count, share, memory),
    ]
}

/// The limits of a plan of this number of users.
fn budgets(count: usize, share: f64, memory: f64) -> String {
    match count {
        1_000 => format!("{}, {}", budget(share, 5.0, "%"), budget(memory, 10.0, "MiB")),
        10_000 => budget(memory, 16.0, "MiB"),
        _ => String::new(),
    }
}

fn plan(directory: &Path, sim: &Sim) -> Run {
    let arguments = ["plan", "-input=false", "-no-color", "-detailed-exitcode", "-lock=false"];
    // 2 would be a plan with changes.
    terraform(directory, sim, &arguments, 0)
}

/// Runs Terraform in a directory that [`install`] has prepared. It must end with this exit code.
pub(crate) fn terraform(directory: &Path, sim: &Sim, arguments: &[&str], code: i32) -> Run {
    let record = directory.join("record");
    // The first plan has no earlier record.
    drop(fs::remove_file(&record));
    drop(sim.take_requests());
    let (before, begin) = (system::processor_time_of_children(), Instant::now());
    let output = process::command(&system::terraform())
        .current_dir(directory)
        .args(arguments)
        .env("TF_CLI_CONFIG_FILE", directory.join("terraform.rc"))
        .env("CHECKPOINT_DISABLE", "1")
        .env("DIGICERT_API_KEY", sim.api_key())
        .env("DIGICERT_BASE_URL", sim.base_url())
        .env(witness::RECORD, &record)
        .output()
        .expect("Terraform 1.0 or later, or TF_CLI, must be on the PATH");
    let wall = begin.elapsed();
    assert_eq!(
        output.status.code(),
        Some(code),
        "{}",
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat())
    );
    let cost = witness::costs(&record);
    let all = system::processor_time_of_children() - before;
    let terraform = all - cost.provider - cost.witness;
    Run { wall, terraform, cost, requests: sim.take_requests().len() }
}

/// Makes Terraform use the provider under measurement.
pub(crate) fn install(directory: &Path) {
    let bin = directory.join("bin");
    fs::create_dir(&bin).expect("the directory is writable");
    let itself = std::env::current_exe().expect("it runs");
    fs::hard_link(&itself, bin.join("terraform-provider-digicert"))
        .or_else(|_| fs::copy(&itself, bin.join("terraform-provider-digicert")).map(drop))
        .expect("the directory is writable");
    let settings = format!(
        "provider_installation {{\n  dev_overrides {{\n    {SOURCE:?} = {bin:?}\n  }}\n  direct {{}}\n}}\n"
    );
    fs::write(directory.join("terraform.rc"), settings).expect("the directory is writable");
}

/// Writes a configuration and a state of these users to a directory.
fn write(directory: &Path, users: &[Object]) {
    install(directory);
    let file = |name: &str, text: &str| {
        fs::write(directory.join(name), text).expect("the directory is writable");
    };
    let mut main = format!(
        "terraform {{\n  required_providers {{\n    digicert = {{\n      source = {SOURCE:?}\n    }}\n  }}\n}}\n\
         provider \"digicert\" {{\n  rate_limits = []\n}}\n"
    );
    for (number, user) in users.iter().enumerate() {
        // Writing to memory does not fail.
        let _ = writeln!(main, "resource \"digicert_user\" \"u{number}\" {{");
        for (name, value) in user.config.as_object().into_iter().flatten() {
            let _ = writeln!(main, "  {name} = {value}");
        }
        main.push_str("}\n");
    }
    file("main.tf", &main);
    file("terraform.tfstate", &state(users).to_string());
}

const SOURCE: &str = "registry.terraform.io/certcentral/digicert";

fn state(users: &[Object]) -> Value {
    let resource = |(number, user): (usize, &Object)| {
        json!({
            "mode": "managed",
            "type": user.type_name,
            "name": format!("u{number}"),
            "provider": format!("provider[{SOURCE:?}]"),
            "instances": [{ "schema_version": 0, "attributes": user.state, "sensitive_attributes": [] }],
        })
    };
    json!({
        "version": 4,
        "terraform_version": "1.0.0",
        "serial": 1,
        "lineage": "00000000-0000-0000-0000-000000000000",
        "outputs": {},
        "resources": users.iter().enumerate().map(resource).collect::<Vec<_>>(),
    })
}
