//! The same through the real CLI.

use certcentral_sim::Options;

use crate::cli::Workspace;

const USERS: &str = r#"
    resource "digicert_user" "it" {
      count          = 30
      username       = "user-${count.index}"
      first_name     = "User"
      last_name      = tostring(count.index)
      email          = "user-${count.index}@example.com"
      access_role_id = "5"
    }"#;

/// Plans in vain; what was said, where there must be one error, at the provider block.
fn one_error(workspace: &Workspace) -> String {
    let text = workspace.run(&["plan", "-input=false", "-no-color"]).failed();
    assert_eq!(text.matches("Error: ").count(), 1, "{text}");
    assert!(text.contains("in provider \"digicert\""), "{text}");
    text
}

#[test]
fn thirty_users_and_a_wrong_key_are_one_error_of_the_plan() {
    let mut workspace = Workspace::new(Options::default());
    workspace.set("DIGICERT_API_KEY", "MISTYPED-KEY");
    workspace.write(&format!("provider \"digicert\" {{}}\n{USERS}"));
    let said = one_error(&workspace);
    assert!(said.contains("Error: API key rejected"), "{said}");
    assert!(said.contains("environment variable DIGICERT_API_KEY"), "{said}");
    assert_eq!(workspace.sim.requests().len(), 1);
}

#[test]
fn a_wrong_key_of_the_block_is_shown_at_its_line() {
    let mut workspace = Workspace::new(Options::default());
    workspace.set("TF_VAR_key", "MISTYPED-KEY");
    workspace.write(&format!(
        "variable \"key\" {{}}\nprovider \"digicert\" {{\n  api_key = var.key\n}}\n{USERS}"
    ));
    let said = one_error(&workspace);
    assert!(said.contains("Error: API key rejected"), "{said}");
    assert!(said.contains("api_key = var.key"), "{said}");
    assert!(!said.contains("MISTYPED-KEY"), "{said}");
}

#[test]
fn thirty_users_without_a_key_are_one_error_of_the_plan() {
    let mut workspace = Workspace::new(Options::default());
    workspace.set("DIGICERT_API_KEY", "");
    workspace.write(&format!("provider \"digicert\" {{}}\n{USERS}"));
    workspace.run(&["validate", "-no-color"]).succeeded();
    let said = one_error(&workspace);
    assert!(said.contains("Error: Missing API key"), "{said}");
    assert!(workspace.sim.requests().is_empty());
}

#[test]
fn a_key_of_another_account_stops_the_plan() {
    let workspace = Workspace::new(Options::default());
    workspace.write(&format!("provider \"digicert\" {{\n  account_id = \"7\"\n}}\n{USERS}"));
    let said = one_error(&workspace);
    assert!(said.contains("Error: API key of another account"), "{said}");
    assert!(said.contains("account_id = \"7\""), "{said}");
}

#[test]
fn the_account_is_asked_for_once_in_each_process() {
    let workspace = Workspace::new(Options::default());
    let account = || {
        let requests = workspace.sim.take_requests();
        requests.iter().filter(|it| it.method == "GET" && it.path == "/account").count()
    };
    workspace.write(&format!("provider \"digicert\" {{\n  account_id = \"100001\"\n}}\n{USERS}"));
    workspace.run(&["validate", "-no-color"]).succeeded();
    assert_eq!(account(), 0, "validation sends no request");
    workspace.assert_plan();
    assert_eq!(account(), 1);
    workspace.apply();
    assert_eq!(account(), 2, "one process plans, and one applies");
}

#[test]
fn a_provider_without_a_block_is_judged_by_its_environment() {
    let mut workspace = Workspace::new(Options::default());
    workspace.set("DIGICERT_API_KEY", "line one\nline two");
    workspace.write(USERS);
    let text = workspace.run(&["plan", "-input=false", "-no-color"]).failed();
    // Core adds that there is no provider block.
    assert_eq!(text.matches("Error: Invalid argument value").count(), 1, "{text}");
    assert!(text.contains("`api_key` must not contain a line break"), "{text}");
    assert!(text.contains("environment variable DIGICERT_API_KEY"), "{text}");
    assert!(!text.contains("line one"), "{text}");
}
