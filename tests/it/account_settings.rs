//! `digicert_account_settings` through the real CLI.

use certcentral_sim::{Fault, FaultKind, Options, SettingsAnswer};
use serde_json::json;

use crate::cli::{Workspace, unwrapped};
use crate::host::{Host, Object};
use crate::lifecycle::Row;

macro_rules! put {
    ($($setting:literal),+) => {
        concat!(r#"PUT /account/settings {"account_settings":["#, $($setting),+, "]}")
    };
}

const ROW: Row = Row {
    resource: "digicert_account_settings",
    create: (
        r#"renewal_email_recipients = ["order-users", "admin"]"#,
        &[put!(r#"{"name":"renewal_email_recipients","value":"[\"admin\",\"order-users\"]"}"#)],
    ),
    updates: &[
        // Only what changed is sent.
        (
            r#"
            renewal_email_recipients      = ["admin", "order-users"]
            confirmation_email_recipients = []"#,
            &[put!(r#"{"name":"confirmation_email_recipients","value":"[]"}"#)],
        ),
        (
            r#"
            renewal_email_recipients      = ["tech-contact"]
            confirmation_email_recipients = ["admin"]
            rejection_email_recipients    = ["org-contact"]
            approval_email_recipients     = ["org-contact", "admin"]"#,
            &[put!(
                r#"{"name":"confirmation_email_recipients","value":"[\"admin\"]"},"#,
                r#"{"name":"rejection_email_recipients","value":"[\"org-contact\"]"},"#,
                r#"{"name":"approval_email_recipients","value":"[\"admin\",\"org-contact\"]"},"#,
                r#"{"name":"renewal_email_recipients","value":"[\"tech-contact\"]"}"#
            )],
        ),
        // What is removed is not sent.
        (
            r#"
            email_preference_org_approval   = true
            account_fund_expiry_notices     = true
            account_fund_adjustment_notices = true
            include_division_name_in_email  = true"#,
            &[put!(
                r#"{"name":"email_preference","value":"{\"org-approval\":[\"all\"]}"},"#,
                r#"{"name":"account_fund_expiry_notices","value":1},"#,
                r#"{"name":"account_fund_adjustment_notices","value":1},"#,
                r#"{"name":"no_top_level_container_in_email","value":0}"#
            )],
        ),
        ("account_fund_expiry_notices = true", &[]),
        (
            r#"
            approval_email_recipients       = ["org-contact", "admin"]
            email_preference_org_approval   = false
            account_fund_expiry_notices     = false
            account_fund_adjustment_notices = false
            include_division_name_in_email  = false"#,
            &[ALL],
        ),
    ],
    respelled: r#"
        approval_email_recipients       = ["admin", "org-contact", "admin"]
        email_preference_org_approval   = false
        account_fund_expiry_notices     = false
        account_fund_adjustment_notices = false
        include_division_name_in_email  = false"#,
    // Nothing can be read, so nothing drifts.
    drift: &[],
    unnoticed: &[|world| world.settings.clear()],
    removed: (|world| world.settings.clear(), "No changes"),
    import_id: |state| state["id"].as_str().expect("an id").to_owned(),
    after_import: &[ALL],
    lost_attribute: "id",
    destroy: &[],
    left_behind: Some("Settings stay in force"),
};

const ALL: &str = put!(
    r#"{"name":"approval_email_recipients","value":"[\"admin\",\"org-contact\"]"},"#,
    r#"{"name":"email_preference","value":"{\"org-approval\":[]}"},"#,
    r#"{"name":"account_fund_expiry_notices","value":0},"#,
    r#"{"name":"account_fund_adjustment_notices","value":0},"#,
    r#"{"name":"no_top_level_container_in_email","value":1}"#
);

#[test]
fn settings_lifecycle() {
    ROW.live(Options::default());
}

#[test]
fn settings_lifecycle_where_the_answer_has_a_body() {
    ROW.live(Options {
        settings_answer: SettingsAnswer::Body { status: "success".into() },
        ids_as_strings: true,
        ..Options::default()
    });
}

#[test]
fn settings_that_are_not_accepted_are_an_error_with_its_message() {
    let settings_answer = SettingsAnswer::Body { status: "failure".into() };
    let workspace = Workspace::new(Options { settings_answer, ..Options::default() });
    write(&workspace, "account_fund_expiry_notices = true");
    let failed = workspace.apply_fails();
    assert!(failed.contains("Settings not accepted"), "{failed}");
    assert!(
        failed.contains(r#"status "failure" instead of "success", and this message: "Account"#)
    );
    assert!(workspace.state(ADDRESS).is_null());
}

#[test]
fn settings_of_a_key_that_may_not_see_the_account_have_a_word_for_id() {
    let workspace = Workspace::new(Options::default());
    let refused = FaultKind::Status { status: 403, code: None, body: None, retry_after: None };
    workspace.sim.fault(Fault::new("GET", "/account", refused));
    write(&workspace, "account_fund_expiry_notices = true");
    workspace.apply();
    assert_eq!(workspace.state(ADDRESS)["id"], "account_settings");
    workspace.sim.clear_faults();
    write(&workspace, "account_fund_expiry_notices = false");
    workspace.apply();
    assert_eq!(workspace.state(ADDRESS)["id"], "account_settings", "it never changes");
}

#[test]
fn settings_that_are_not_managed_any_more_stay_in_force() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, "account_fund_expiry_notices = true\nrenewal_email_recipients = [\"admin\"]");
    workspace.apply();
    write(&workspace, "account_fund_expiry_notices = true");
    let plan = unwrapped(&workspace.assert_plan());
    let said = r#"Removing `renewal_email_recipients` only stops managing the setting. CertCentral keeps the last value sent, ["admin"]."#;
    assert!(plan.contains(said), "{plan}");
    assert!(!plan.contains("`account_fund_expiry_notices`"), "{plan}");
    workspace.apply();
    workspace.assert_empty_plan();
    write(&workspace, "");
    let applied = workspace.apply();
    assert!(applied.contains("No setting configured"), "{applied}");
    workspace.assert_empty_plan();
    let kept = workspace.sim.with(|world| world.settings[&world.account.id].clone());
    assert_eq!(kept.len(), 2);
}

#[test]
fn settings_are_imported_by_the_account_of_the_key_or_any_word() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, "account_fund_expiry_notices = true");
    let failed = workspace.run(&["import", "-no-color", ADDRESS, "100002"]).failed();
    let said = "The import ID is account 100002, but the API key belongs to account 100001";
    assert!(failed.contains(said), "{failed}");
    workspace.run(&["import", "-no-color", ADDRESS, "settings"]).succeeded();
    assert_eq!(workspace.state(ADDRESS)["id"], "100001");
    assert!(workspace.state(ADDRESS)["account_fund_expiry_notices"].is_null());
}

#[test]
fn settings_are_imported_where_the_account_may_not_be_read() {
    for id in ["100001", "settings"] {
        let workspace = Workspace::new(Options::default());
        workspace.sim.fault(Fault::new("GET", "/account", FaultKind::status(403)));
        write(&workspace, "account_fund_expiry_notices = true");
        workspace.run(&["import", "-no-color", ADDRESS, id]).succeeded();
        assert_eq!(workspace.state(ADDRESS)["id"], "account_settings");
        workspace.sim.clear_faults();
        workspace.apply();
        workspace.assert_empty_plan();
        assert_eq!(workspace.state(ADDRESS)["id"], "account_settings", "it never changes");
    }
}

#[tokio::test]
async fn a_destroy_of_settings_does_not_stand_in_the_way_of_an_import() {
    // A rename with an `import` block: nothing is lost, since the destroy sends no request.
    let sim = crate::fixtures::sim();
    let mut host = Host::start(&sim, json!({})).await;
    let config = json!({ "account_fund_expiry_notices": true });
    let made = host.apply(TYPE, &Object::default(), Some(&config)).await.succeeded();
    host.plan(TYPE, &made.object, None).await.succeeded();
    host.import(TYPE, "100001").await.succeeded();
}

#[test]
fn a_refusal_of_settings_is_shown_without_control_characters() {
    let workspace = Workspace::new(Options::default());
    let body = r#"{"status":"failure\u001b[2J","message":"No.\u009b\u0007"}"#.to_owned();
    let kind = FaultKind::Body { status: 200, content_type: "application/json".into(), body };
    workspace.sim.fault(Fault::new("PUT", "/account/settings", kind));
    write(&workspace, "account_fund_expiry_notices = true");
    let failed = workspace.apply_fails();
    assert!(failed.contains(r#"status "failure\u{1b}[2J""#), "{failed}");
    assert!(failed.contains(r#"message: "No.\u{9b}\u{7}""#), "{failed}");
    assert!(!failed.contains(['\u{1b}', '\u{9b}', '\u{7}']), "{failed}");
}

#[test]
fn settings_that_cannot_be_are_refused_before_any_call() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, r#"approval_email_recipients = ["boss"]"#);
    let failed = workspace.apply_fails();
    let rule = r#"must be one of "admin", "tech-contact", "org-contact", "order-users""#;
    assert!(failed.contains(rule), "{failed}");
    assert!(workspace.sim.requests().is_empty());
}

const TYPE: &str = "digicert_account_settings";

const ADDRESS: &str = "digicert_account_settings.it";

fn write(workspace: &Workspace, block: &str) {
    workspace.write_block(TYPE, block);
}
