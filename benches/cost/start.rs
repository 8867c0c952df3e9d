//! Time and memory from the start to the handshake line.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Instant;

use crate::mtls::Identity;
use crate::report::{Samples, Table, budget, mebibytes, milliseconds};
use crate::system::{processor_time, resident};
use crate::{BINARY, Effort, process};

/// One start.
struct Start {
    milliseconds: f64,
    processor_milliseconds: f64,
    resident: f64,
}

pub(crate) fn tables(effort: Effort) -> Vec<Table> {
    let certificate = Identity::new().pem();
    let count = if effort.quick { 10 } else { 50 };
    let starts: Vec<_> = (0..count).map(|_| start(&certificate)).collect();
    let samples =
        |field: fn(&Start) -> f64| Samples::from(starts.iter().map(field).collect::<Vec<_>>());
    let size = fs::metadata(BINARY).expect("cargo has built it").len() / 1024;

    let mut table = Table::new(
        format!("Start and size (medians of {count} starts, with AutoMTLS as under Terraform)"),
        &["", "median", "min to max", "budget"],
    );
    let time = samples(|it| it.milliseconds);
    let cells =
        [format!("{:.2} ms", time.median()), time.range(), budget(time.median(), 2.0, "ms")];
    table.row(["Spawn to handshake line".to_owned()].into_iter().chain(cells));
    let time = samples(|it| it.processor_milliseconds);
    let cells = [format!("{:.2} ms", time.median()), time.range(), String::new()];
    table.row(["CPU time until then".to_owned()].into_iter().chain(cells));
    let memory = samples(|it| it.resident);
    let median = memory.median();
    let cells = [format!("{median:.1} MiB"), memory.range(), budget(median, 8.0, "MiB")];
    table.row(["Resident memory at the handshake".to_owned()].into_iter().chain(cells));
    let size = mebibytes(size);
    let cells = [format!("{size:.2} MiB"), String::new(), budget(size, 8.0, "MiB")];
    table.row(["Stripped binary".to_owned()].into_iter().chain(cells));
    vec![table]
}

fn start(certificate: &str) -> Start {
    // The process is killed, so it does not remove its socket.
    let temporary = tempfile::tempdir().expect("a temporary directory");
    let begin = Instant::now();
    let mut child = process::command(BINARY)
        .envs(process::HOST.iter().copied())
        .env("PLUGIN_CLIENT_CERT", certificate)
        .env("TMPDIR", temporary.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("cargo has built it");
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    stdout.read_line(&mut line).expect("a line");
    let milliseconds_to_line = milliseconds(begin.elapsed());
    assert!(line.starts_with("1|5|unix|"), "{line}");
    let start = Start {
        milliseconds: milliseconds_to_line,
        processor_milliseconds: milliseconds(processor_time(child.id())),
        resident: mebibytes(resident(child.id()).expect("it runs").0),
    };
    child.kill().expect("it runs");
    child.wait().expect("it is a child");
    start
}
