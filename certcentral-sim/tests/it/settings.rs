//! Account settings.

use certcentral_sim::{Options, SettingsAnswer, Sim};
use serde_json::{Value, json};

use crate::client::{Answer, put};

fn send(sim: &Sim, settings: &[(&str, Value)]) -> Answer {
    let settings: Vec<Value> =
        settings.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    put(sim, "/account/settings", json!({ "account_settings": settings }))
}

#[test]
fn settings_accept_the_documented_formats() {
    let sim = Sim::start(Options::default()).unwrap();
    let settings = [
        ("confirmation_email_recipients", json!(r#"["admin","org-contact"]"#)),
        ("renewal_email_recipients", json!("[]")),
        ("email_preference", json!(r#"{"org-approval":["all"]}"#)),
        ("account_fund_expiry_notices", json!(1)),
    ];
    assert_eq!(send(&sim, &settings).status, 204);
    assert_eq!(send(&sim, &[("account_fund_expiry_notices", json!(0))]).status, 204);
    let stored = sim.with(|world| world.settings[&world.account.id].clone());
    assert_eq!(stored.len(), 4);
    assert_eq!(stored["account_fund_expiry_notices"], 0);
    assert_eq!(stored["renewal_email_recipients"], "[]");
}

#[test]
fn other_formats_of_settings_are_refused() {
    let sim = Sim::start(Options::default()).unwrap();
    for (name, value) in [
        ("confirmation_email_recipients", json!(["admin"])),
        ("confirmation_email_recipients", json!("admin,org-contact")),
        ("confirmation_email_recipients", json!(r#"["admin","admin"]"#)),
        ("confirmation_email_recipients", json!(r#"["boss"]"#)),
        ("email_preference", json!({ "org-approval": ["all"] })),
        ("email_preference", json!(r#"{"org-approval":["some"]}"#)),
        ("account_fund_expiry_notices", json!(true)),
        ("account_fund_expiry_notices", json!("1")),
    ] {
        let answer = send(&sim, &[(name, value.clone())]);
        assert_eq!(answer.codes(), "invalid_field|account_settings[0].value", "{name} {value}");
    }
    assert_eq!(
        send(&sim, &[("colour", json!(1))]).codes(),
        "invalid_field|account_settings[0].name"
    );
    assert_eq!(send(&sim, &[]).codes(), "invalid_field|account_settings");
    assert!(sim.with(|world| world.settings.is_empty()));
}

#[test]
fn a_200_can_be_a_failure() {
    let answer = |status: &str| {
        let settings_answer = SettingsAnswer::Body { status: status.to_owned() };
        let sim = Sim::start(Options { settings_answer, ..Options::default() }).unwrap();
        let answer = send(&sim, &[("account_fund_expiry_notices", json!(1))]);
        (answer.status, answer.json()["status"].clone(), sim.with(|world| world.settings.len()))
    };
    assert_eq!(answer("success"), (200, json!("success"), 1));
    assert_eq!(answer("failure"), (200, json!("failure"), 0));
}
