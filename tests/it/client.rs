//! What a user reads about the connection to CertCentral: key, certificates, attempts, interruptions.

use std::time::{Duration, Instant};

use certcentral_sim::{Fault, FaultKind, Options, Sim};
use serde_json::{Value, json};

use crate::host::{Host, Object, dynamic};
use crate::process::tfplugin5 as wire;

const USER: &str = "digicert_user";
const SUBACCOUNT: &str = "digicert_subaccount";
const CONTACTS: &str = "digicert_organization_contacts";
const INVITE: &str = "digicert_subaccount_invite";

fn sim() -> Sim {
    Sim::start(Options::default()).expect("loopback has a port")
}

fn user() -> Value {
    json!({
        "username": "ana", "first_name": "Ana", "last_name": "Example",
        "email": "ana@example.com", "access_role_id": "5",
    })
}

fn subaccount(name: &str) -> Value {
    json!({
        "account_type": "managed", "allowed_grandchildren": [], "child_name": name,
        "user": { "first_name": "Ada", "last_name": "Example", "email": "ada@example.com" },
        "organization": {
            "name": "Example Org", "address": "1 Example Street", "zip": "84043", "city": "Lehi",
            "state": "Utah", "country": "US",
        },
    })
}

fn contacts(first_name: &str) -> Value {
    let contact =
        json!({ "first_name": first_name, "last_name": "Example", "email": "ada@example.com" });
    json!({ "organization_id": "300001", "technical_contact": contact })
}

fn invite(email: &str) -> Value {
    json!({ "emails": [email], "subaccount_type": "enterprise" })
}

/// A body with a status of a success.
fn body(status: u16, body: &str) -> FaultKind {
    FaultKind::Body { status, content_type: "application/json".into(), body: body.into() }
}

const ERRORS: &str = r#"{"errors":[{"code":"went_wrong","message":"It went wrong."}]}"#;

#[tokio::test]
async fn a_success_whose_body_is_an_error_changes_no_state() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({ "rate_limits": [], "max_retries": 1 })).await;
    let made = host.apply(USER, &Object::default(), Some(&user())).await.succeeded().object;
    sim.fault(Fault::any("/user*", body(200, ERRORS)));
    let mut other = user();
    other["first_name"] = json!("Ann");
    other["is_saml_sso_only"] = json!(false);
    for answered in [
        host.read(USER, &made).await,
        host.apply(USER, &made, Some(&other)).await,
        host.apply(USER, &made, None).await,
    ] {
        let error = answered.errors.join("\n");
        assert!(error.contains("the body is an error: went_wrong: It went wrong"), "{error}");
        assert_eq!(answered.attributes, made.attributes());
    }
    // Nobody knows what a create has done: it is looked for.
    let created = host.apply(USER, &Object::default(), Some(&user())).await;
    assert!(created.errors[0].contains("may have been created"), "{:?}", created.errors);
    assert_eq!(sim.count("POST", "/user"), 2);
}

#[tokio::test]
async fn a_create_whose_answer_has_an_object_and_an_error_warns() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({ "rate_limits": [], "max_retries": 0 })).await;
    let answer =
        r#"{"id":500001,"api_key":"EXAMPLE-ONLY-ONCE-1234","errors":[{"code":"no_mail"}]}"#;
    for (of, path, config) in [(USER, "/user", user()), (SUBACCOUNT, "/account", subaccount("one"))]
    {
        sim.fault(Fault::new("POST", path, body(201, answer)).with_effect().times(1));
        let made = host.apply(of, &Object::default(), Some(&config)).await.succeeded();
        assert_eq!(made.attributes["id"], "500001", "{of}");
        let warned = made.warnings.iter().any(|it| it.contains("also reports an error: no_mail"));
        assert!(warned, "{:?}", made.warnings);
    }
}

#[tokio::test]
async fn a_wait_for_another_resource_ends_with_stop() {
    for (of, hung, configs) in [
        (SUBACCOUNT, "/account", ["one", "two"].map(subaccount)),
        (INVITE, "/account/subaccount/invite", ["a@example.com", "b@example.com"].map(invite)),
        (CONTACTS, "/organization/300001/contact", ["Ada", "Bo"].map(contacts)),
    ] {
        let sim = sim();
        let mut host = Host::start(&sim, json!({ "rate_limits": [], "max_retries": 0 })).await;
        sim.fault(Fault::new("POST", hung, FaultKind::Delay(Duration::from_secs(5))));
        sim.fault(Fault::new("PUT", hung, FaultKind::Delay(Duration::from_secs(5))));
        let mut applying = tokio::task::JoinSet::new();
        for config in &configs {
            let planned = host.plan(of, &Object::default(), Some(config)).await;
            let mut client = host.client.clone();
            let request = wire::apply_resource_change::Request {
                type_name: of.to_owned(),
                planned_state: planned.object.state,
                config: Some(dynamic(config)),
                ..wire::apply_resource_change::Request::default()
            };
            applying.spawn(async move { client.apply_resource_change(request).await });
        }
        let writes = || sim.count("POST", hung) + sim.count("PUT", hung);
        let begin = Instant::now();
        while writes() == 0 {
            assert!(begin.elapsed() < crate::process::DEADLINE, "{of}: nothing is sent");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // The other one has got as far as it can.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let stopped = Instant::now();
        host.client.stop(wire::stop::Request::default()).await.expect("an answer");
        let first = applying.join_next().await.expect("one").expect("no panic").expect("an answer");
        let took = stopped.elapsed();
        let error = &first.into_inner().diagnostics[0].detail;
        assert!(error.contains("interrupted before completion; run the command again"), "{error}");
        assert!(took < Duration::from_secs(2), "{of}: the host kills after two seconds: {took:?}");
        assert_eq!(writes(), 1, "{of}");
    }
}

#[tokio::test]
async fn white_space_around_the_key_is_dropped_and_a_line_break_inside_is_an_error() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({})).await;
    let mut configure = async |key: String| {
        let config = json!({ "api_key": key, "base_url": sim.base_url() });
        let mut errors = host.configure(Some(dynamic(&config))).await;
        let made = host.apply(USER, &Object::default(), Some(&user())).await;
        errors.extend(made.errors);
        errors
    };
    let errors = configure(format!("\t {}\r\n", sim.api_key())).await;
    assert_eq!(errors, Vec::<String>::new());
    for (key, expected) in [
        ("SECRET-LINE-ONE\nSECRET-LINE-TWO", "must not contain a line break"),
        ("SECRET-KEY-\u{e9}", "must contain only ASCII letters"),
        (" \n", "must not be empty"),
    ] {
        let errors = configure(key.to_owned()).await.join("\n");
        assert!(errors.contains(expected) && !errors.contains("SECRET"), "{errors}");
    }
}

/// What a read of a user says at an address, in a process with these variables.
async fn failure(envs: &[(&str, &str)], base_url: &str, arguments: Value) -> String {
    let mut host = Host::unconfigured(envs).await;
    let mut config = json!({ "api_key": "KEY-OF-NOBODY-0123", "base_url": base_url });
    let config_fields = config.as_object_mut().expect("an object");
    config_fields.extend(arguments.as_object().cloned().unwrap_or_default());
    let mut errors = host.configure(Some(dynamic(&config))).await;
    let state = Some(host.upgrade_json(USER, r#"{"id": "7"}"#).await);
    errors.extend(host.read(USER, &Object { state, ..Object::default() }).await.errors);
    errors.join("\n")
}

#[tokio::test]
async fn without_certificates_the_error_says_what_to_install() {
    let nothing = [("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")];
    let error = failure(&nothing, "https://127.0.0.1:9/v2", json!({ "max_retries": 0 })).await;
    assert!(error.contains("this system has no CA certificates"), "{error}");
    assert!(error.contains("ca-certificates") && error.contains("set ca_certificate"), "{error}");
    assert!(!error.contains("unexpected error"), "{error}");
}

#[tokio::test]
async fn an_error_says_how_many_attempts_were_made_and_what_ended_them() {
    let sim = Sim::start(Options::default()).expect("loopback has a port");
    sim.fault(Fault::new("GET", "/user*", FaultKind::status(503)));
    let mut host = Host::start(&sim, json!({ "max_retries": 1 })).await;
    let state = Some(host.upgrade_json(USER, r#"{"id": "7"}"#).await);
    let error = host.read(USER, &Object { state, ..Object::default() }).await.errors.join("\n");
    assert!(error.contains("; 2 attempts were made in "), "{error}");
    assert!(error.contains("max_retries = 1 allows no more"), "{error}");
}

#[tokio::test]
async fn a_connection_that_breaks_comes_with_the_next_step() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({ "rate_limits": [], "max_retries": 0 })).await;
    let made = host.apply(USER, &Object::default(), Some(&user())).await.succeeded().object;
    sim.fault(Fault::any("/user/*", FaultKind::Reset));
    let error = host.read(USER, &made).await.errors.remove(0);
    assert!(error.contains("check the network and run the command again"), "{error}");
    let error = host.apply(USER, &made, None).await.errors.remove(0);
    assert!(error.contains("run the plan again to see what is left to do"), "{error}");
}
