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
fn every_flag_is_explained() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_certcentral-sim"));
    let usage = String::from_utf8(command.arg("--help").output().unwrap().stdout).unwrap();
    let flags = |text: &'static str| {
        let begins = text.split("Long(\"").skip(1);
        begins.map(|it| format!("--{}", it.split('"').next().unwrap()))
    };
    let flags: Vec<_> = flags(include_str!("../../src/main.rs")).collect();
    assert!(flags.len() >= 4, "{flags:?}");
    for flag in &flags {
        assert!(usage.contains(&format!("  {flag}")), "{flag} is not in the usage");
        assert!(README.contains(&format!("\n| `{flag}")), "{flag} has no row");
    }
    let rows = section("## On the command line").matches("\n| `--").count();
    assert_eq!(rows, flags.len() + 1, "one more for the command");
}

#[test]
fn every_control_request_has_a_row() {
    let source = include_str!("../../src/control.rs");
    let routes: Vec<_> = source
        .split(".route(\"")
        .skip(1)
        .map(|it| {
            let (path, rest) = it.split_once("\", ").unwrap();
            format!("{} {path}", rest.split('(').next().unwrap().to_uppercase())
        })
        .collect();
    assert!(routes.len() >= 5, "{routes:?}");
    for route in &routes {
        assert!(README.contains(&format!("\n| `{route}` | ")), "{route}");
    }
    let rows = README.lines().filter(|line| line.starts_with("| `") && line.contains(" /_sim/"));
    assert_eq!(rows.count(), routes.len(), "the README has no others");
}

#[test]
fn every_variable_of_a_command_has_a_row() {
    let source = include_str!("../../src/main.rs");
    let variables: Vec<_> =
        source.split(".env(\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
    assert_eq!(variables.len(), 3, "{variables:?}");
    for variable in variables {
        assert!(README.contains(&format!("\n| `{variable}` | ")), "{variable}");
    }
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
        let path = entry.unwrap().path();
        let source = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(!source.contains("env::var"), "{}: the README says it reads none", path.display());
    }
}

#[test]
fn every_kind_of_fault_is_shown() {
    let error = serde_json::from_value::<certcentral_sim::Fault>(json!({ "kind": "none" }));
    let error = error.unwrap_err().to_string();
    let kinds: Vec<_> = error.split('`').skip(3).step_by(2).collect();
    assert!(kinds.len() > 5, "{error}");
    let shown = section("## On the command line");
    for kind in kinds {
        assert!(
            shown.contains(&format!("\n{{\"{kind}\": "))
                || shown.contains(&format!("\n\"{kind}\""))
        );
    }
}

/// A section of the README, to the next heading.
fn section(heading: &str) -> &'static str {
    README.split(heading).nth(1).unwrap().split("\n## ").next().unwrap()
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
