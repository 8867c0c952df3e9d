//! The README agrees with the code.

use certcentral_sim::{Options, Sim};
use serde_json::json;

const README: &str = include_str!("../../README.md");

#[test]
fn every_option_has_a_row() {
    // serde lists the names of all fields in its error.
    let error = serde_json::from_value::<Options>(json!({ "none": 1 })).unwrap_err().to_string();
    let names: Vec<_> = error.split('`').skip(3).step_by(2).collect();
    assert!(names.len() > 20 && names.contains(&"rate_limit"), "{error}");
    for name in &names {
        assert!(README.contains(&format!("\n| `{name}` | ")), "{name}");
    }
    let rows = README.split("## Options").nth(1).unwrap().split("\n## ").next().unwrap();
    assert_eq!(rows.matches("\n| `").count(), names.len());
}

#[test]
fn values_of_options_are_accepted() {
    let options = json!({
        "technical_contact": "object",
        "subaccount_list_key": "child_accounts",
        "settings_answer": { "body": { "status": "success" } },
        "subaccount_readable": { "allowed_grandchildren": true },
        "canceled_spelling": "cancelled",
        "user_management": "digicert_account",
        "container_assignments": "ids",
        "invite_status_filter": "both",
        "container_activate_path": "active",
        "service_users_path": "service_user",
        "rate_limit": { "requests": 100, "window": "5s" },
    });
    let options = serde_json::from_value::<Options>(options).unwrap();
    assert!(Sim::start(options).is_ok());
    let defaults = json!({ "settings_answer": "no_content", "user_management": "cert_central" });
    assert!(serde_json::from_value::<Options>(defaults).is_ok());
}
