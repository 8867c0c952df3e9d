//! The webhook of an account.

use std::time::Duration;

use certcentral_sim::{Options, Sim, Webhook, WebhookStatus};
use serde_json::{Value, json};

use crate::client::{Answer, delete, get, post, put, raw, try_send};

const ENDPOINT: &str = "https://hooks.example.com/certcentral";
const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn start() -> Sim {
    Sim::start(Options::default()).unwrap()
}

/// Creates the webhook, and returns its path.
fn create(sim: &Sim, body: Value) -> String {
    let answer = post(sim, "/webhook", body);
    assert_eq!(answer.status, 201, "{}", answer.text);
    format!("/webhook/{}", answer.json()["webhook_id"])
}

fn read(sim: &Sim) -> Value {
    get(sim, "/webhook").json()["webhooks"][0].clone()
}

/// Sends a PUT without a body.
fn act(sim: &Sim, path: &str, action: &str) -> Answer {
    try_send(sim, "PUT", &format!("{path}/{action}"), None).unwrap()
}

fn stored<R>(sim: &Sim, look: impl FnOnce(&mut Webhook) -> R) -> R {
    sim.with(|world| look(world.webhooks.values_mut().next().unwrap()))
}

/// Answers a challenge, as the endpoint would.
fn verify(sim: &Sim, path: &str) {
    assert_eq!(act(sim, path, "send-challenge").status, 204);
    let token = stored(sim, |it| it.challenge.clone().unwrap().token);
    let answer = put(sim, &format!("{path}/check-challenge"), json!({ "token": token }));
    assert_eq!(answer.status, 204);
}

#[test]
fn a_webhook_is_created_and_listed_with_its_secret() {
    let sim = start();
    assert_eq!(get(&sim, "/webhook").json(), json!({ "webhooks": [] }));
    let path = create(
        &sim,
        json!({
            "endpoint": ENDPOINT, "secret": SECRET, "events": ["domain_expired"],
            "webhook_settings": {
                "instant_issue_webhook_notification": "1",
                "webhook_notification_frequency": [90, 0, -7],
            },
        }),
    );
    let id: u64 = path.trim_start_matches("/webhook/").parse().unwrap();
    let expected = json!({
        "id": id, "endpoint": ENDPOINT, "secret": SECRET, "events": ["domain_expired"],
        "status": "pending",
        "webhook_settings": {
            "instant_issue_webhook_notification": "1",
            "webhook_notification_frequency": [90, 0, -7],
        },
    });
    assert_eq!(read(&sim), expected);
    let answer = post(&sim, "/webhook", json!({ "endpoint": ENDPOINT }));
    assert_eq!((answer.status, &*answer.codes()), (400, "webhook_configured_already"));
    assert_eq!(delete(&sim, &path).codes(), "not_found|route");
    assert!(!sim.with(|world| format!("{world:?}")).contains(SECRET));
    let world = raw(&sim, "GET", "/_sim/world", &[], "").unwrap();
    assert!(!world.text.contains(SECRET));
}

#[test]
fn omitted_fields_have_defaults() {
    let sim = start();
    create(&sim, json!({ "endpoint": ENDPOINT }));
    let webhook = read(&sim);
    assert_eq!(webhook["events"], json!(["certificate_issued"]));
    assert_eq!((webhook.get("secret"), webhook.get("webhook_settings")), (None, None));

    let options = Options {
        webhook_settings_have_defaults: true,
        webhook_default_events: vec!["order_rejected".into()],
        ids_as_strings: true,
        ..Options::default()
    };
    let sim = Sim::start(options).unwrap();
    post(&sim, "/webhook", json!({ "endpoint": ENDPOINT }));
    let webhook = read(&sim);
    assert_eq!(webhook["events"], json!(["order_rejected"]));
    let settings = &webhook["webhook_settings"];
    assert_eq!(settings["webhook_notification_frequency"], json!([90, 60, 30, 7, 0, -7]));
    assert_eq!(settings["webhook_send_certificate_chain"], "0");
}

#[test]
fn webhooks_are_checked() {
    let sim = start();
    for (name, value, code) in [
        ("endpoint", json!("http://hooks.example.com"), "webhook_invalid_endpoint"),
        ("endpoint", json!("https:///x"), "webhook_invalid_endpoint"),
        ("endpoint", json!(1), "invalid_field|endpoint"),
        ("secret", json!("short"), "invalid_field|secret"),
        ("secret", json!(""), "invalid_field|secret"),
        ("events", json!(["order_issued"]), "invalid_field|events"),
        ("events", json!([]), "invalid_field|events"),
        ("status", json!("active"), "unknown_field|status"),
        (
            "webhook_settings",
            json!({ "webhook_send_certificate_chain": true }),
            "invalid_field|webhook_settings.webhook_send_certificate_chain",
        ),
        (
            "webhook_settings",
            json!({ "webhook_notification_frequency": [45] }),
            "invalid_field|webhook_settings.webhook_notification_frequency",
        ),
    ] {
        let mut body = json!({ "endpoint": ENDPOINT });
        body[name] = value;
        assert_eq!(post(&sim, "/webhook", body).codes(), code);
    }
    assert_eq!(post(&sim, "/webhook", json!({})).codes(), "missing_field|endpoint");
    assert_eq!(put(&sim, "/webhook/9", json!({})).codes(), "not_found|webhook");
    assert!(sim.with(|world| world.webhooks.is_empty()));
}

#[test]
fn a_webhook_is_active_after_a_challenge_and_an_activation() {
    let sim = start();
    let path = create(&sim, json!({ "endpoint": ENDPOINT }));
    assert_eq!(act(&sim, &path, "activate").codes(), "webhook_invalid_action");
    assert_eq!(act(&sim, &path, "deactivate").codes(), "webhook_invalid_action");
    verify(&sim, &path);
    assert_eq!(read(&sim)["status"], "pending");
    assert_eq!(act(&sim, &path, "activate").status, 204);
    assert_eq!(read(&sim)["status"], "active");
    assert_eq!(act(&sim, &path, "deactivate").status, 204);
    assert_eq!(read(&sim)["status"], "inactive");
    assert_eq!(act(&sim, &path, "activate").status, 204);
    for action in ["send-challenge", "activate", "deactivate"] {
        assert_eq!(act(&sim, "/webhook/9", action).codes(), "not_found|webhook");
    }
}

#[test]
fn a_token_lives_thirty_minutes() {
    let sim = start();
    let path = create(&sim, json!({ "endpoint": ENDPOINT }));
    let answer = |token: &str| {
        put(&sim, &format!("{path}/check-challenge"), json!({ "token": token })).codes()
    };
    assert_eq!(answer("x"), "webhook_invalid_token");
    act(&sim, &path, "send-challenge");
    assert_eq!(answer("x"), "webhook_invalid_token");
    let token = stored(&sim, |it| it.challenge.clone().unwrap().token);
    sim.clock_advance(Duration::from_secs(31 * 60));
    assert_eq!(answer(&token), "webhook_invalid_token");
    assert_eq!(answer(""), "invalid_field|token");
    verify(&sim, &path);
}

#[test]
fn an_update_keeps_what_it_omits_and_another_endpoint_is_pending() {
    let sim = start();
    let events = ["domain_expired"];
    let path = create(&sim, json!({ "endpoint": ENDPOINT, "secret": SECRET, "events": events }));
    stored(&sim, |it| (it.is_verified, it.status) = (true, WebhookStatus::Active));
    let settings = json!({ "webhook_send_certificate_chain": "1" });
    let body = json!({ "endpoint": ENDPOINT, "webhook_settings": settings });
    assert_eq!(put(&sim, &path, body).status, 204);
    let webhook = read(&sim);
    assert_eq!((&webhook["secret"], &webhook["events"]), (&json!(SECRET), &json!(events)));
    assert_eq!((&webhook["webhook_settings"], &webhook["status"]), (&settings, &json!("active")));
    assert_eq!(put(&sim, &path, json!({ "endpoint": ENDPOINT, "secret": "" })).status, 204);
    assert_eq!(read(&sim).get("secret"), None);
    let other = json!({ "endpoint": "https://other.example.com" });
    assert_eq!(put(&sim, &path, other).status, 204);
    assert_eq!(read(&sim)["status"], "pending");
    assert_eq!(act(&sim, &path, "activate").codes(), "webhook_invalid_action");
    let answer = put(&sim, &path, json!({ "events": events }));
    assert_eq!(answer.codes(), "missing_field|endpoint");
}

#[test]
fn an_update_can_reset_what_it_omits() {
    let options = Options { omitted_webhook_fields_reset: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    let settings = json!({ "webhook_send_certificate_chain": "1" });
    let events = ["domain_expired"];
    let body = json!({
        "endpoint": ENDPOINT, "secret": SECRET, "events": events, "webhook_settings": settings,
    });
    let path = create(&sim, body);
    put(&sim, &path, json!({ "endpoint": ENDPOINT }));
    let webhook = read(&sim);
    assert_eq!(webhook["events"], json!(["certificate_issued"]));
    assert_eq!((&webhook["secret"], webhook.get("webhook_settings")), (&json!(SECRET), None));
}

#[test]
fn options_change_the_actions_of_a_webhook() {
    let options = Options {
        webhook_actions_repeatable: false,
        pending_webhook_can_be_deactivated: true,
        ..Options::default()
    };
    let sim = Sim::start(options).unwrap();
    let path = create(&sim, json!({ "endpoint": ENDPOINT }));
    assert_eq!(act(&sim, &path, "deactivate").status, 204);
    assert_eq!(act(&sim, &path, "deactivate").codes(), "webhook_invalid_action");
    verify(&sim, &path);
    assert_eq!(act(&sim, &path, "activate").status, 204);
    assert_eq!(act(&sim, &path, "activate").codes(), "webhook_invalid_action");

    let sim = Sim::start(Options { webhooks_enabled: false, ..Options::default() }).unwrap();
    for answer in [get(&sim, "/webhook"), post(&sim, "/webhook", json!({ "endpoint": ENDPOINT }))] {
        assert_eq!((answer.status, &*answer.codes()), (403, "access_denied|missing_permission"));
    }

    let options = Options { webhook_endpoint_unreachable: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    let answer = post(&sim, "/webhook", json!({ "endpoint": ENDPOINT }));
    assert_eq!(answer.codes(), "webhook_endpoint_error");
    sim.with(|world| {
        let (id, account_id) = (world.next_id(), world.account.id);
        world.webhooks.insert(id, Webhook::new(id, account_id, ENDPOINT));
    });
    let path = format!("/webhook/{}", read(&sim)["id"]);
    assert_eq!(act(&sim, &path, "send-challenge").codes(), "webhook_endpoint_error");
}
