//! What Configure finds out about the key, the address and the account.

use std::net::TcpListener;

use certcentral_sim::{Fault, FaultKind};
use serde_json::{Value, json};

use super::{arguments, configure};
use crate::fixtures::{sim, until};
use crate::host::{Host, Object};
use crate::process::{DEADLINE, tfplugin5 as wire};

fn coded(status: u16, code: &str) -> FaultKind {
    FaultKind::Status { status, code: Some(code.to_owned()), body: None, retry_after: None }
}

fn page(status: u16, body: &str) -> FaultKind {
    FaultKind::Body { status, content_type: "text/html".to_owned(), body: body.to_owned() }
}

const HTML: &str = "<!DOCTYPE html><html><head><title>Just a moment</title></head></html>";

/// The only thing said; fails if there is less or more.
#[track_caller]
fn only(said: Vec<String>) -> String {
    assert_eq!(said.len(), 1, "{said:?}");
    said.into_iter().next().unwrap_or_default()
}

#[tokio::test]
async fn what_is_certain_is_an_error_at_its_argument() {
    let invalid = "access_denied|access_denied_invalid_key";
    for (kind, begins, part) in [
        (FaultKind::status(401), "api_key: API key rejected: ", "401"),
        (coded(403, invalid), "api_key: API key rejected: ", "https://certcentral.digicert.eu"),
        (coded(404, "not_found|route"), "base_url: No CertCentral API", "`base_url`"),
        (page(404, HTML), "base_url: No CertCentral API", "404"),
        (page(200, HTML), "base_url: No CertCentral API", "Just a moment"),
        (page(200, ""), "base_url: No CertCentral API", "without a body"),
        (page(302, ""), "base_url: No CertCentral API", "302"),
    ] {
        let sim = sim();
        sim.fault(Fault::new("GET", "/account", kind.clone()));
        let mut host = Host::unconfigured(&[]).await;
        let said = only(configure(&mut host, &arguments(&sim)).await);
        assert!(said.starts_with(begins) && said.contains(part), "{kind:?}: {said}");
        assert_eq!(sim.count("GET", "/account"), 1, "nothing is repeated: {kind:?}");

        // Hosts that go on all the same hear it again, and CertCentral is left alone.
        let state = Some(host.upgrade_json("digicert_user", r#"{"id": "7"}"#).await);
        let read = host.read("digicert_user", &Object { state, ..Object::default() }).await;
        assert!(said.contains(&read.errors[0]), "{:?}", read.errors);
        assert_eq!(sim.requests().len(), 1);
    }
}

#[tokio::test]
async fn what_may_pass_is_left_to_the_first_call() {
    let missing = "access_denied|missing_permission";
    for (kind, asked) in [
        (coded(403, missing), 1),
        (page(403, HTML), 1),
        (coded(404, "not_found|account"), 1),
        (FaultKind::too_many_requests(None), 2),
        (FaultKind::too_many_requests(Some("3600")), 1),
        (FaultKind::status(500), 2),
        (FaultKind::status(503), 2),
        (FaultKind::Reset, 2),
        (FaultKind::Truncated { bytes: 5 }, 2),
        (page(200, r#"{"name": "without an id"}"#), 1),
    ] {
        let sim = sim();
        sim.fault(Fault::new("GET", "/account", kind.clone()));
        let mut host = Host::unconfigured(&[]).await;
        assert_eq!(configure(&mut host, &arguments(&sim)).await, Vec::<String>::new(), "{kind:?}");
        assert_eq!(sim.count("GET", "/account"), asked, "{kind:?}");
        sim.clear_faults();
        host.apply("digicert_user", &Object::default(), Some(&user())).await.succeeded();
    }
}

#[tokio::test]
async fn a_failure_that_passes_is_asked_about_once_more_and_the_answer_kept() {
    let sim = sim();
    sim.fault(Fault::new("GET", "/account", FaultKind::status(503)).times(1));
    let mut host = Host::unconfigured(&[]).await;
    let mut config = arguments(&sim);
    config["account_id"] = json!("100001");
    assert_eq!(configure(&mut host, &config).await, Vec::<String>::new());
    host.apply("digicert_account_settings", &Object::default(), Some(&settings()))
        .await
        .succeeded();
    let calls: Vec<_> =
        sim.requests().into_iter().map(|it| format!("{} {}", it.method, it.path)).collect();
    assert_eq!(calls, ["GET /account", "GET /account", "PUT /account/settings"]);
}

#[tokio::test]
async fn without_repetitions_the_account_is_asked_for_once() {
    let sim = sim();
    sim.fault(Fault::new("GET", "/account", FaultKind::status(503)));
    let mut host = Host::unconfigured(&[]).await;
    let mut config = arguments(&sim);
    config["max_retries"] = json!(0);
    assert_eq!(configure(&mut host, &config).await, Vec::<String>::new());
    assert_eq!(sim.count("GET", "/account"), 1);
}

#[tokio::test]
async fn a_key_of_another_account_is_an_error_at_the_guard() {
    let sim = sim();
    let mut config = arguments(&sim);
    config["account_id"] = json!("100002");
    let mut host = Host::unconfigured(&[]).await;
    let said = only(configure(&mut host, &config).await);
    assert!(said.starts_with("account_id: API key of another account: "), "{said}");
    assert!(said.contains("account 100001") && !said.contains("100002"), "{said}");

    let envs = [("DIGICERT_ACCOUNT_ID", "100002")];
    let mut host = Host::unconfigured(&envs).await;
    let said = only(configure(&mut host, &arguments(&sim)).await);
    assert!(said.contains("the environment variable DIGICERT_ACCOUNT_ID"), "{said}");
    assert_eq!(sim.requests().len(), 2);
}

#[tokio::test]
async fn the_variable_is_named_where_the_value_came_from_there() {
    let sim = sim();
    let url = sim.base_url();
    let wrong_key = [("DIGICERT_API_KEY", "MISTYPED-KEY"), ("DIGICERT_BASE_URL", &url)];
    let mut host = Host::unconfigured(&wrong_key).await;
    let said = only(configure(&mut host, &json!({})).await);
    assert!(said.starts_with("api_key: API key rejected"), "{said}");
    assert!(said.contains("`api_key` comes from the environment variable DIGICERT_API_KEY"));

    let nowhere = nowhere();
    let wrong_url = [("DIGICERT_API_KEY", sim.api_key()), ("DIGICERT_BASE_URL", &nowhere)];
    let mut host = Host::unconfigured(&wrong_url).await;
    let said = only(configure(&mut host, &json!({})).await);
    assert!(said.starts_with("base_url: No connection to CertCentral"), "{said}");
    assert!(said.contains("`base_url` comes from the environment variable DIGICERT_BASE_URL"));
    assert!(said.contains("Connection refused"), "{said}");

    let mut host = Host::unconfigured(&wrong_key).await;
    let said = only(configure(&mut host, &json!({ "api_key": "ANOTHER-WRONG-KEY" })).await);
    assert!(!said.contains("environment variable"), "the block wins: {said}");
}

#[tokio::test]
async fn a_missing_key_is_an_error_at_its_argument() {
    let mut host = Host::unconfigured(&[]).await;
    let said = only(configure(&mut host, &json!({})).await);
    assert!(said.starts_with("api_key: Missing API key: "), "{said}");
    assert!(said.contains("DIGICERT_API_KEY"), "{said}");
}

#[tokio::test]
async fn stop_ends_the_check() {
    let sim = sim();
    sim.fault(Fault::new("GET", "/account", FaultKind::Hang));
    let mut host = Host::unconfigured(&[]).await;
    let (mut client, config) = (host.client.clone(), arguments(&sim));
    let stopping = async {
        until(|| sim.count("GET", "/account") == 1).await;
        client.stop(wire::stop::Request::default()).await.expect("an answer");
    };
    // The answer never comes, and neither would the end of the check without the stop.
    let both = async { tokio::join!(configure(&mut host, &config), stopping) };
    let (said, ()) = tokio::time::timeout(DEADLINE, both).await.expect("the stop ends the check");
    assert_eq!(said, Vec::<String>::new());
}

#[tokio::test]
async fn white_space_around_the_key_is_dropped() {
    let sim = sim();
    let key = format!("\t{}\r\n", sim.api_key());
    let url = sim.base_url();
    let envs = [("DIGICERT_API_KEY", key.as_str()), ("DIGICERT_BASE_URL", &url)];
    for config in [json!({}), json!({ "api_key": format!(" {}\n", sim.api_key()) })] {
        let mut host = Host::unconfigured(&envs).await;
        assert_eq!(super::validate(&mut host, &config).await, Vec::<String>::new());
        assert_eq!(configure(&mut host, &config).await, Vec::<String>::new());
        assert!(!host.plugin.stderr().contains(sim.api_key()));
    }
    assert_eq!(sim.count("GET", "/account"), 2);
}

/// As in a container without certificates.
#[tokio::test]
async fn a_system_without_certificates_is_an_error_at_the_argument_that_helps() {
    let envs = [("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "/dev/null")];
    let mut host = Host::unconfigured(&envs).await;
    let config = json!({ "api_key": "SOME-KEY", "base_url": "https://127.0.0.1:9/services/v2" });
    let said = only(configure(&mut host, &config).await);
    assert!(said.starts_with("ca_certificate: No HTTPS client: "), "{said}");
}

/// An address where nobody listens.
fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
    format!("http://{}/services/v2", listener.local_addr().expect("it is bound"))
}

fn user() -> Value {
    json!({
        "username": "ana", "first_name": "Ana", "last_name": "Example",
        "email": "ana@example.com", "access_role_id": "5",
    })
}

fn settings() -> Value {
    json!({ "account_fund_expiry_notices": true })
}
