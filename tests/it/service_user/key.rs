//! The first key of a service user is never lost, and no second user is created.

use certcentral_sim::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::fixtures::{sim, until};
use crate::host::{Host, Object};

const SERVICE_USER: &str = "digicert_service_user";

fn config() -> Value {
    json!({ "email": "ci@example.com", "key_name": "first" })
}

#[tokio::test]
async fn a_request_without_a_response_is_not_repeated() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("POST", "/user", FaultKind::Reset).with_effect().times(1));
    let failed = host.apply(SERVICE_USER, &Object::default(), Some(&config())).await;
    let error = &failed.errors[0];
    assert!(error.starts_with("Service user may have been created: "), "{error}");
    assert!(error.contains("service user 500001 ("), "{error}");
    assert!(error.contains("to = digicert_service_user.example\n  id = \"500001\""), "{error}");
    assert_eq!(sim.count("POST", "/user"), 1);
}

#[tokio::test]
async fn a_truncated_response_gives_the_key() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let body = "{\"api_key\":\"A-KEY-OF-A-SERVICE-USER\",\"id\":5000".to_owned();
    let cut = FaultKind::Body { status: 201, content_type: "application/json".into(), body };
    sim.fault(Fault::new("POST", "/user", cut).with_effect().times(1));
    let applied = host.apply(SERVICE_USER, &Object::default(), Some(&config())).await.succeeded();
    assert_eq!(applied.attributes["api_key"], "A-KEY-OF-A-SERVICE-USER");
    assert_eq!(applied.attributes["id"], Value::Null);
    let read = host.read(SERVICE_USER, &applied.object).await.succeeded();
    assert_eq!(read.attributes["id"], "500001");
    assert_eq!(read.attributes["key_id"], "700002");
    assert_eq!(read.attributes["api_key"], "A-KEY-OF-A-SERVICE-USER");
}

#[tokio::test]
async fn what_fails_after_the_create_is_a_warning() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("GET", "/user/5*", FaultKind::status(503)).times(1));
    sim.fault(Fault::new("GET", "/key", FaultKind::status(503)).times(1));
    let applied = host.apply(SERVICE_USER, &Object::default(), Some(&config())).await;
    assert_eq!(applied.errors, <[String; 0]>::default());
    assert_eq!(applied.warnings.len(), 2, "{:?}", applied.warnings);
    let read = host.read(SERVICE_USER, &applied.object).await.succeeded();
    assert_eq!(read.attributes["key_id"], "700002");
    assert_eq!(read.attributes["status"], "active");
}

#[tokio::test]
async fn a_killed_create_is_adopted_or_doubted() {
    for (held, adopted) in [(("GET", "/user/5*"), true), (("POST", "/user"), false)] {
        let (sim, directory) = (sim(), tempfile::tempdir().expect("a temporary directory"));
        let recovery_dir = directory.path().join("records");
        let arguments =
            json!({ "rate_limits": [], "max_retries": 0, "recovery_dir": recovery_dir });
        let mut host = Host::start(&sim, arguments.clone()).await;
        let (method, path) = held;
        sim.fault(Fault::new(method, path, FaultKind::Hold).with_effect());
        let is_held = || {
            let prefix = path.trim_end_matches('*');
            sim.requests().iter().any(|it| it.method == method && it.path.starts_with(prefix))
        };
        let (config, none) = (config(), Object::default());
        tokio::select! {
            _ = host.apply(SERVICE_USER, &none, Some(&config)) => panic!("it is held"),
            () = until(is_held) => {}
        }
        drop(host);
        sim.clear_faults();
        let mut host = Host::start(&sim, arguments).await;
        let next = host.apply(SERVICE_USER, &Object::default(), Some(&config)).await;
        if adopted {
            assert_eq!(next.attributes["id"], "500001", "{:?}", next.errors);
            assert_eq!(next.attributes["key_id"], "700002");
        } else {
            let error = &next.errors[0];
            assert!(error.contains("no request was sent for this e-mail address"), "{error}");
        }
        assert_eq!(sim.count("POST", "/user"), 1);
    }
}

/// A record is of no use once its service user is gone: deleted by another person, or by a destroy that knew it from a
/// state that no read or plan had seen.
#[tokio::test]
async fn the_record_of_a_service_user_that_is_gone_is_not_adopted() {
    for by_destroy in [false, true] {
        let (sim, directory) = (sim(), tempfile::tempdir().expect("a temporary directory"));
        let recovery_dir = directory.path().join("records");
        let arguments =
            json!({ "rate_limits": [], "max_retries": 0, "recovery_dir": recovery_dir });
        let mut host = Host::start(&sim, arguments.clone()).await;
        let made = host.apply(SERVICE_USER, &Object::default(), Some(&config())).await.succeeded();
        // Killed: the record is not marked as delivered.
        drop(host);
        let mut host = Host::start(&sim, arguments).await;
        if by_destroy {
            let planned = Object { private: made.object.private.clone(), ..Object::default() };
            host.apply_planned(SERVICE_USER, &made.object, planned, None).await.succeeded();
        } else {
            sim.with(|world| world.users.retain(|_, user| !user.is_api_only));
        }
        let again = host.apply(SERVICE_USER, &Object::default(), Some(&config())).await.succeeded();
        assert_eq!(again.warnings, <[String; 0]>::default());
        assert_ne!(again.attributes["id"], made.attributes["id"]);
        assert_eq!(sim.count("POST", "/user"), 2);
    }
}
