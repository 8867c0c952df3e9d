//! `digicert_account_emails` through the real CLI, and at the protocol.

use certcentral_sim::{Fault, FaultKind, Options, World};
use serde_json::{Value, json};

use crate::cli::{Workspace, unwrapped};
use crate::fixtures::{respelled, sim};
use crate::host::{Host, Object, UNKNOWN};
use crate::lifecycle::Row;

macro_rules! put {
    ($body:literal) => {
        concat!("PUT /account ", $body)
    };
}

const ROW: Row = Row {
    resource: TYPE,
    create: (
        r#"admin_emails = ["pki@example.com", "ops@example.com"]"#,
        &[put!(r#"{"admin_email":"ops@example.com, pki@example.com"}"#)],
    ),
    updates: &[
        // All configured lists are sent, because an omitted one might be removed.
        (
            r#"
            admin_emails     = ["pki@example.com", "ops@example.com"]
            emergency_emails = ["oncall@example.com"]"#,
            &[put!(
                r#"{"admin_email":"ops@example.com, pki@example.com","emergency_emails":"oncall@example.com"}"#
            )],
        ),
        // The administrators are not managed any more, and their addresses are sent as they are.
        (
            r#"emergency_emails = ["duty@example.com"]"#,
            &[put!(
                r#"{"admin_email":"ops@example.com, pki@example.com","emergency_emails":"duty@example.com"}"#
            )],
        ),
        (
            r#"
            admin_emails     = ["pki@example.com"]
            emergency_emails = ["duty@example.com"]"#,
            &[put!(r#"{"admin_email":"pki@example.com","emergency_emails":"duty@example.com"}"#)],
        ),
    ],
    respelled: r#"
        admin_emails     = ["PKI@example.com"]
        emergency_emails = ["Duty@Example.com"]"#,
    drift: &[
        ("admin_emails", |world| set(world, Some("pki@example.com, more@example.com"))),
        ("admin_emails", |world| set(world, None)),
    ],
    unnoticed: &[
        |world| set(world, Some("PKI@Example.com")),
        |world| world.account.emergency_emails = None,
    ],
    removed: (|world| set(world, None), "digicert_account_emails.it will be updated in-place"),
    import_id: |state| state["id"].as_str().expect("an ID").to_owned(),
    after_import: &[put!(
        r#"{"admin_email":"pki@example.com","emergency_emails":"duty@example.com"}"#
    )],
    lost_attribute: "id",
    destroy: &[],
    left_behind: Some("Settings stay in force"),
};

fn set(world: &mut World, emails: Option<&str>) {
    world.account.admin_email = emails.map(str::to_owned);
}

#[test]
fn account_emails_lifecycle() {
    ROW.live(Options::default());
}

#[test]
fn account_emails_lifecycle_in_an_unkind_account() {
    ROW.live(Options {
        lower_case_emails: true,
        admin_email_required: true,
        omitted_account_email_clears: true,
        ..respelled()
    });
}

#[test]
fn addresses_of_administrators_that_are_not_managed_are_kept() {
    for options in [
        Options { admin_email_required: true, ..Options::default() },
        Options { omitted_account_email_clears: true, ..Options::default() },
    ] {
        let workspace = Workspace::new(options);
        write(&workspace, r#"emergency_emails = ["oncall@example.com"]"#);
        workspace.apply();
        workspace.assert_empty_plan();
        assert!(workspace.state(ADDRESS)["admin_emails"].is_null(), "they are not managed");
        let kept = workspace.sim.with(|world| world.account.admin_email.clone());
        assert_eq!(kept.as_deref(), Some("pki@example.com"));
    }
}

#[test]
fn addresses_that_are_not_managed_any_more_stay() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, BOTH);
    workspace.apply();
    write(&workspace, r#"emergency_emails = ["oncall@example.com"]"#);
    let plan = unwrapped(&workspace.assert_plan());
    let said = r#"Removing `admin_emails` only stops managing the setting. CertCentral keeps the last value sent, ["ops@example.com"]."#;
    assert!(plan.contains(said), "{plan}");
    workspace.sim.take_requests();
    workspace.apply();
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
    workspace.assert_empty_plan();
    let kept = workspace.sim.with(|world| world.account.admin_email.clone());
    assert_eq!(kept.as_deref(), Some("ops@example.com"));
}

#[test]
fn addresses_are_imported_by_the_account_of_the_key_alone() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, BOTH);
    for (id, said) in [
        ("100002", "The import ID is account 100002, but the API key belongs to account 100001"),
        ("emails", "must be a numeric ID"),
    ] {
        let failed = workspace.run(&["import", "-no-color", ADDRESS, id]).failed();
        assert!(failed.contains(said), "{failed}");
    }
    workspace.run(&["import", "-no-color", ADDRESS, "100001"]).succeeded();
    let state = workspace.state(ADDRESS);
    assert_eq!(state["admin_emails"], json!(["pki@example.com"]));
    assert!(state["emergency_emails"].is_null());
}

#[test]
fn addresses_that_cannot_be_are_refused_before_any_call() {
    let long: Vec<_> = (0..10).map(|n| format!("{n}{}@example.com", "a".repeat(20))).collect();
    for (block, rules) in [
        (String::new(), &["requires at least one of `admin_emails` and `emergency_emails`"][..]),
        (
            r#"
            admin_emails     = []
            emergency_emails = ["nobody", ""]"#
                .to_owned(),
            &["`admin_emails` must not be empty", "must be an e-mail address; got \"nobody\""],
        ),
        (
            format!("admin_emails = {long:?}\nemergency_emails = {long:?}"),
            &[
                "`admin_emails` must have at most 255 characters, joined by commas",
                "`emergency_emails` must have at most 255 characters",
            ],
        ),
        (
            r#"emergency_emails = ["a@example.com", "A@example.com"]"#.to_owned(),
            &["must not contain elements that differ only in letter case"],
        ),
        (
            r#"admin_emails = ["\"a,b\"@example.com"]"#.to_owned(),
            &["`admin_emails` must not contain a comma"],
        ),
    ] {
        let workspace = Workspace::new(Options::default());
        write(&workspace, &block);
        let failed = workspace.apply_fails();
        for rule in rules {
            assert!(failed.contains(rule), "{rule}: {failed}");
        }
        assert!(workspace.sim.requests().is_empty());
    }
}

#[tokio::test]
async fn an_unknown_address_is_planned_as_configured() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({})).await;
    let config = json!({
        "id": null, "emergency_emails": null, "admin_emails": ["a@example.com", UNKNOWN, UNKNOWN],
    });
    let planned = host.plan(TYPE, &Object::default(), Some(&config)).await.succeeded();
    assert_eq!(planned.attributes["admin_emails"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn the_state_of_another_account_is_kept() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let config = json!({ "admin_emails": ["ops@example.com"] });
    let made = host.apply(TYPE, &Object::default(), Some(&config)).await.succeeded().object;
    let mut other = made.attributes();
    other["id"] = "100009".into();
    let state = Some(host.upgrade_json(TYPE, &other.to_string()).await);
    let object = Object { state, private: made.private, ..Object::default() };
    let read = host.read(TYPE, &object).await;
    assert!(read.errors[0].contains("addresses of account 100009"), "{:?}", read.errors);
    assert_eq!(read.attributes, other);
    sim.take_requests();
    let config = json!({ "admin_emails": ["more@example.com"] });
    let changed = host.apply(TYPE, &object, Some(&config)).await;
    assert!(changed.errors[0].contains("belongs to account 100001"), "{:?}", changed.errors);
    assert_eq!(sim.count("PUT", "/account"), 0);
}

#[tokio::test]
async fn nothing_is_sent_where_the_current_addresses_are_unknown() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("GET", "/account", FaultKind::status(503)));
    let config = json!({ "emergency_emails": ["oncall@example.com"] });
    let applied = host.apply(TYPE, &Object::default(), Some(&config)).await;
    assert_eq!((applied.errors.len(), applied.attributes), (1, Value::Null));
    assert_eq!(sim.count("PUT", "/account"), 0);
}

const BOTH: &str = r#"
    admin_emails     = ["ops@example.com"]
    emergency_emails = ["oncall@example.com"]"#;

const TYPE: &str = "digicert_account_emails";

const ADDRESS: &str = "digicert_account_emails.it";

fn write(workspace: &Workspace, block: &str) {
    workspace.write_block(TYPE, block);
}
