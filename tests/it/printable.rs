//! Text that CertCentral sends never reaches a terminal as anything else than text.

use certcentral_sim::{Fault, FaultKind, Options, SettingsAnswer};
use serde_json::json;

use crate::cli::Workspace;
use crate::fixtures::MANAGED_SUBACCOUNT;

/// Sets the title of a terminal, clears its screen, and turns the direction of what follows.
const HOSTILE: &str = "\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}";

/// Applies in vain; what is said must have this and nothing that a terminal obeys.
fn says(workspace: &Workspace, expected: &str) {
    let said = workspace.run(&["apply", "-auto-approve", "-input=false", "-no-color"]);
    assert_ne!(said.code, Some(0));
    for part in [expected, "owned"] {
        assert!(said.text.contains(part), "{part} is not in {}", said.text);
    }
    let obeyed = |it: char| (it.is_control() && it != '\n') || it == '\u{202e}';
    assert!(!said.text.contains(obeyed), "{:?}", said.text);
}

fn foreign(status: u16, body: &serde_json::Value) -> FaultKind {
    let body = body.to_string();
    FaultKind::Body { status, content_type: "application/json".into(), body }
}

const USER: &str = r#"
    resource "digicert_user" "it" {
      username       = "ADMIN@example.com"
      first_name     = "Ana"
      last_name      = "Example"
      email          = "ana@example.com"
      access_role_id = "5"
    }"#;

#[test]
fn whoever_has_a_username() {
    let workspace = Workspace::new(Options::default());
    workspace.sim.with(|world| {
        let administrator = world.users.values_mut().next().expect("the administrator");
        administrator.first_name = format!("{HOSTILE}Ada");
        administrator.last_name = format!("{HOSTILE}Admin");
    });
    workspace.write(USER);
    says(&workspace, "Username taken");
}

#[test]
fn an_error_of_the_api() {
    let workspace = Workspace::new(Options::default());
    let error = json!({ "errors": [{ "code": format!("bad{HOSTILE}"), "message": HOSTILE }] });
    workspace.sim.fault(Fault::new("POST", "/user", foreign(400, &error)));
    workspace.write(USER);
    says(&workspace, "Cannot create digicert_user");
    workspace.sim.clear_faults();
    let page = format!("<title>{HOSTILE}</title>");
    let content_type = "text/html".to_owned();
    let kind = FaultKind::Body { status: 403, content_type, body: page };
    workspace.sim.fault(Fault::new("POST", "/user", kind));
    says(&workspace, "Cannot create digicert_user");
}

#[test]
fn a_subaccount_that_exists_already() {
    let workspace = Workspace::new(Options::default());
    workspace.write(&MANAGED_SUBACCOUNT.replace("\"managed\"", "\"enterprise\""));
    let row = json!({ "account_id": 7, "account_type": "enterprise" });
    let list = json!({ "subaccounts": [row], "page": { "total": 1 } });
    workspace.sim.fault(Fault::new("GET", "/account/subaccount", foreign(200, &list)));
    let other = json!({
        "account_id": 7, "account_type": "enterprise", "date_created": HOSTILE,
        "organization": { "name": HOSTILE },
    });
    workspace.sim.fault(Fault::new("GET", "/account/subaccount/7", foreign(200, &other)));
    says(&workspace, "Subaccount already exists");
}

#[test]
fn settings_that_are_not_accepted() {
    let answer = SettingsAnswer::Body { status: format!("no{HOSTILE}") };
    let workspace = Workspace::new(Options { settings_answer: answer, ..Options::default() });
    let body = json!({ "status": "no", "message": format!("No.{HOSTILE}") });
    workspace.sim.fault(Fault::new("PUT", "/account/settings", foreign(200, &body)));
    workspace.write(
        "resource \"digicert_account_settings\" \"it\" {\n  account_fund_expiry_notices = true\n}",
    );
    says(&workspace, "Settings not accepted");
    workspace.sim.clear_faults();
    says(&workspace, "Settings not accepted");
}

#[test]
fn an_invite_that_cannot_be_canceled() {
    let workspace = Workspace::new(Options::default());
    let write = |emails: &str| {
        workspace.write(&format!(
            "resource \"digicert_subaccount_invite\" \"it\" {{\n  emails = [{emails}]\n  \
             subaccount_type = \"enterprise\"\n}}"
        ));
    };
    write("\"ada@example.com\", \"bo@example.com\"");
    workspace.apply();
    let error = json!({ "errors": [{ "code": "no", "message": format!("no{HOSTILE}") }] });
    workspace.sim.fault(Fault::new("PUT", "/account/subaccount/invite/*", foreign(400, &error)));
    write("\"bo@example.com\"");
    says(&workspace, "Invite not canceled");
}
