//! Instruction counts by callgrind, which do not depend on the load of the machine.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::host::{client, configuration, plain, plan};
use crate::mtls::Identity;
use crate::objects::{self, Make, Object};
use crate::process::go_plugin::Empty;
use crate::process::go_plugin::grpc_controller_client::GrpcControllerClient;
use crate::process::tfplugin5::get_provider_schema;
use crate::report::Table;
use crate::{BINARY, Effort, block_on, process};

pub(crate) fn tables(_: Effort) -> Vec<Table> {
    let mut table = Table::new("Instructions (callgrind)", &["", "instructions"]);
    if Command::new("valgrind").arg("--version").output().is_err() {
        table.note("valgrind is not installed, so no instructions were counted.");
        return vec![table];
    }
    let sim = objects::simulator();
    let run = |visit: Visit<'_>| counted(&sim, visit);
    let idle = run(Visit { objects: &[], schema: false });
    let mut row = |name: &str, count: u64| table.row([name.to_owned(), grouped(count)]);
    row("Start with AutoMTLS up to the handshake line, and shutdown", started());
    row("Start without TLS, Configure, and shutdown", idle);
    row("GetSchema", run(Visit { objects: &[], schema: true }) - idle);
    for (name, make) in [("user", objects::user as Make), ("subaccount", objects::subaccount)] {
        let objects: Vec<Object> = (0..FEW + MORE).map(|number| make(&sim, number)).collect();
        let few = run(Visit { objects: &objects[..FEW], schema: false });
        let all = run(Visit { objects: &objects, schema: false });
        row(
            &format!("Validate, upgrade, read and plan one more {name}, without TLS"),
            (all - few) / MORE as u64,
        );
    }
    vec![table]
}

/// Enough that one-time initialization is complete.
const FEW: usize = 10;

/// Number of objects of the mean.
const MORE: usize = 100;

/// The environment of a host.
struct Visit<'a> {
    objects: &'a [Object],
    schema: bool,
}

/// Instructions of a process that is started, used and shut down.
fn counted(sim: &certcentral_sim::Sim, visit: Visit<'_>) -> u64 {
    under_callgrind(None, |line| {
        block_on(async {
            let channel = plain(line).await;
            let mut client = client(channel.clone());
            if visit.schema {
                client.get_schema(get_provider_schema::Request {}).await.expect("a schema");
            }
            client.configure(configuration(sim)).await.expect("an answer");
            for object in visit.objects {
                plan(&mut client, object).await;
            }
            GrpcControllerClient::new(channel).shutdown(Empty {}).await.expect("an answer");
        });
    })
}

/// Instructions of a process that is started as by Terraform and shut down at once.
fn started() -> u64 {
    under_callgrind(Some(&Identity::new().pem()), |_| {})
}

fn under_callgrind(certificate: Option<&str>, visit: impl FnOnce(&str)) -> u64 {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let out = directory.path().join("callgrind.out");
    let mut provider = process::command("valgrind")
        .args(["--tool=callgrind", &format!("--callgrind-out-file={}", out.display()), BINARY])
        .envs(process::HOST.iter().copied())
        .envs(certificate.map(|pem| ("PLUGIN_CLIENT_CERT", pem)))
        .env("TMPDIR", directory.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("valgrind is there");
    let mut line = String::new();
    let stdout = provider.stdout.take().expect("it is piped");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    visit(&line);
    // A second request for a shutdown has no effect.
    let _ = Command::new("kill").arg("-TERM").arg(provider.id().to_string()).status();
    provider.wait().expect("it is a child");
    total(&out)
}

fn total(out: &Path) -> u64 {
    let text = std::fs::read_to_string(out).expect("callgrind has written it");
    let totals = text.lines().find_map(|line| line.strip_prefix("totals: "));
    totals.and_then(|it| it.trim().parse().ok()).expect("callgrind writes its totals")
}

/// Digits in groups of three.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    groups.map(String::from_utf8_lossy).collect::<Vec<_>>().join(",")
}
