//! Control over HTTP, and the binary.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use certcentral_sim::{Options, Sim};
use serde_json::json;

use crate::client::{Answer, get, post, raw};

fn control(sim: &Sim, method: &str, path: &str, body: &str) -> Answer {
    raw(sim, method, &format!("/_sim/{path}"), &[], body).unwrap()
}

#[test]
fn faults_are_set_and_cleared() {
    let sim = Sim::start(Options::default()).unwrap();
    for (kind, status) in [
        (json!({ "status": { "status": 503, "retry_after": "1" } }), 503),
        (json!({ "body": { "status": 404, "content_type": "text/html", "body": "<p>" } }), 404),
        (json!({ "delay": "10ms" }), 200),
        (json!({ "storm": { "probability": 1.0, "seed": 1, "statuses": [429] } }), 429),
    ] {
        let fault = json!({ "method": "GET", "path": "/account", "kind": kind });
        assert_eq!(control(&sim, "POST", "fault", &fault.to_string()).status, 204);
        assert_eq!(get(&sim, "/account").status, status);
        assert_eq!(control(&sim, "DELETE", "faults", "").status, 204);
    }
    assert_eq!(get(&sim, "/account").status, 200);
    for kind in
        [json!("reset"), json!("close"), json!("hang"), json!({ "truncated": { "bytes": 1 } })]
    {
        let fault = json!({ "path": "/x", "after": 1, "times": 1, "effect": true, "kind": kind });
        assert_eq!(control(&sim, "POST", "fault", &fault.to_string()).status, 204);
    }
    let answer = control(&sim, "POST", "fault", r#"{"path":"/x","kind":"earthquake"}"#);
    assert_eq!(answer.status, 400);
    assert!(answer.text.contains("earthquake"), "{}", answer.text);
}

#[test]
fn requests_and_data_are_returned_without_keys() {
    let sim = Sim::start(Options::default()).unwrap();
    post(&sim, "/account", crate::subaccounts::subaccount("managed", "Example Org"));
    let requests = control(&sim, "GET", "requests", "");
    assert_eq!(requests.json()[0]["path"], "/account");
    assert_eq!(requests.json().as_array().unwrap().len(), 1);
    let world = control(&sim, "GET", "world", "");
    assert_eq!(world.json()["subaccounts"].as_object().unwrap().len(), 1);
    for key in [sim.api_key(), &sim.issued_keys()[0]] {
        assert!(!requests.text.contains(key) && !world.text.contains(key));
    }
    assert!(!format!("{sim:?}").contains(sim.api_key()));
}

#[test]
fn the_clock_is_moved() {
    let sim = Sim::start(Options::default()).unwrap();
    let before = sim.with(|world| world.now());
    assert_eq!(control(&sim, "POST", "clock", r#"{"advance":"31d"}"#).status, 204);
    assert!(sim.with(|world| world.now()) > before);
    assert_eq!(control(&sim, "POST", "clock", r#"{"advance":"soon"}"#).status, 400);
}

/// Ends the binary with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_binary_prints_url_and_key() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certcentral-sim"));
    command.args(["--api-key", "mine", "--options", r#"{"page_limit_max":2}"#]);
    let mut running = Running(command.stdout(Stdio::piped()).spawn().unwrap());
    let lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let lines: Vec<String> = lines.take(2).map(Result::unwrap).collect();
    let url = lines[0].strip_prefix("DIGICERT_BASE_URL=http://127.0.0.1:").unwrap();
    let port: u16 = url.strip_suffix("/services/v2").unwrap().parse().unwrap();
    assert_eq!(lines[1], "DIGICERT_API_KEY=mine");
    std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
}

#[test]
fn a_command_runs_with_the_simulator_and_ends_it() {
    let run = |script: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certcentral-sim"));
        command.args(["--api-key", "mine", "--", "sh", "-c", script]);
        // Of a real account, which the command must not reach.
        command.env("DIGICERT_ACCOUNT_ID", "1").output().unwrap()
    };
    let output =
        run("echo $DIGICERT_BASE_URL; echo $DIGICERT_API_KEY $DIGICERT_ACCOUNT_ID; exit 7");
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let (url, rest) = text.split_once('\n').unwrap();
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/services/v2"), "{text}");
    assert_eq!(rest, "mine 100001\n");
    let address = url.trim_start_matches("http://").split('/').next().unwrap();
    assert!(std::net::TcpStream::connect(address).is_err(), "it ends with the command");
    assert_eq!(run("kill -9 $$").status.code(), Some(1));
}

#[test]
fn a_command_that_does_not_exist_is_named() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certcentral-sim"));
    let output = command.args(["no-such-command", "--port"]).output().unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.starts_with("certcentral-sim: cannot run no-such-command: "), "{text}");
}

#[test]
fn the_binary_prints_its_usage() {
    let run = |argument: &str| {
        Command::new(env!("CARGO_BIN_EXE_certcentral-sim")).arg(argument).output().unwrap()
    };
    assert!(String::from_utf8(run("--help").stdout).unwrap().contains("--port"));
    let refused = run("--colour");
    assert!(!refused.status.success());
    assert!(String::from_utf8(refused.stderr).unwrap().contains("--colour"));
}
