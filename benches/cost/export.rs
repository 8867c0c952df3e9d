//! `export` of an account, and what Terraform does with the result.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::account::{Counts, fill};
use crate::plan::{install, terraform};
use crate::report::{Table, budget, mebibytes};
use crate::{BINARY, Effort, objects, process, system};

pub(crate) fn tables(effort: Effort) -> Vec<Table> {
    let whole = Counts {
        users: 1_000,
        subaccounts: 100,
        organizations: 50,
        divisions: 10,
        invites: 200,
        service_users: 40,
    };
    let counts = if effort.quick { Counts { users: 100, subaccounts: 10, ..whole } } else { whole };
    let mut table = Table::new(
        "`export` of an account, and `terraform plan` and `apply` of the result, `rate_limits = []`",
        &["", "wall time", "requests", "memory of the provider", "budget"],
    );
    rows(counts).into_iter().for_each(|row| table.row(row));
    let Counts { users, subaccounts, organizations, divisions, invites, service_users } = counts;
    table.note(format!(
        "The account has {users} users, {subaccounts} subaccounts, {organizations} organizations with contacts, \
         {divisions} divisions, {invites} pending invites and {service_users} service users with a key each.",
    ));
    vec![table]
}

fn rows(counts: Counts) -> Vec<Vec<String>> {
    let sim = objects::simulator();
    fill(&sim, counts);
    let directory = tempfile::tempdir().expect("a temporary directory");
    install(directory.path());
    let mut child = process::command(BINARY)
        .args(["export", "--rate-limits=", "--out"])
        .arg(directory.path().join("export"))
        .env("DIGICERT_API_KEY", sim.api_key())
        .env("DIGICERT_BASE_URL", sim.base_url())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let (begin, mut peak) = (Instant::now(), 0);
    while child.try_wait().expect("a child").is_none() {
        peak = system::resident(child.id()).map_or(peak, |(_, most)| most.max(peak));
        std::thread::sleep(Duration::from_millis(1));
    }
    let wall = begin.elapsed();
    assert!(child.wait().expect("a child").success());
    let requests = sim.take_requests().len();
    let row = |name: &str, wall: Duration, requests: usize, memory: f64, budget: String| {
        let wall = format!("{:.2} s", wall.as_secs_f64());
        vec![name.to_owned(), wall, requests.to_string(), format!("{memory:.1} MiB"), budget]
    };
    let memory = mebibytes(peak);
    let mut rows =
        vec![row("`export`", wall, requests, memory, budget(memory, 16.0, "MiB resident"))];
    let plan =
        ["-chdir=export", "plan", "-input=false", "-no-color", "-detailed-exitcode", "-lock=false"];
    let apply =
        ["-chdir=export", "apply", "-input=false", "-no-color", "-auto-approve", "-lock=false"];
    for (name, arguments, code) in [
        ("`terraform plan`, everything to import", plan, 2),
        ("`terraform apply`", apply, 0),
        ("`terraform plan`, nothing to do", plan, 0),
    ] {
        let run = terraform(directory.path(), &sim, &arguments, code);
        rows.push(row(name, run.wall, run.requests, mebibytes(run.cost.peak), String::new()));
    }
    rows
}
