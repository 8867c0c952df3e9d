//! `digicert_webhook` through the real CLI, and at the protocol.

mod activation;
mod create;
mod secret;

use certcentral_sim::{Options, Webhook, WebhookStatus, World};
use serde_json::json;

use crate::cli::{Workspace, unwrapped};
use crate::fixtures::respelled;
use crate::lifecycle::Row;

macro_rules! last_block {
    ($events:literal) => {
        concat!(
            r#"
            endpoint = "https://hooks.example.com/second"
            active   = false
            secret   = "0123456789abcdef0123456789abcdef"
            "#,
            $events,
            r#"
            settings {
              notification_frequency     = [90, 7, -7]
              instant_issue_notification = true
              send_certificate_chain     = false
            }"#
        )
    };
}

const ROW: Row = Row {
    resource: TYPE,
    create: (
        r#"
        endpoint = "https://hooks.example.com/first"
        active   = false"#,
        &[r#"POST /webhook {"endpoint":"https://hooks.example.com/first"}"#],
    ),
    updates: &[
        (
            r#"
            endpoint = "https://hooks.example.com/first"
            active   = false
            events   = ["domain_expired", "certificate_issued"]
            settings {
              send_certificate_chain = true
            }"#,
            &[
                r#"PUT /webhook/{id} {"endpoint":"https://hooks.example.com/first","events":["certificate_issued","domain_expired"],"webhook_settings":{"webhook_send_certificate_chain":"1"}}"#,
            ],
        ),
        // What is removed is not managed any more, and sent as it is.
        (
            r#"
            endpoint = "https://hooks.example.com/first"
            active   = false
            secret   = "a-secret-of-32-characters-or-more""#,
            &[
                r#"PUT /webhook/{id} {"endpoint":"https://hooks.example.com/first","events":["certificate_issued","domain_expired"],"secret":"a-secret-of-32-characters-or-more","webhook_settings":{"webhook_send_certificate_chain":"1"}}"#,
            ],
        ),
        (
            r#"
            endpoint = "https://hooks.example.com/second"
            active   = false
            settings {
              send_instant_issue_certificate_chain = true
            }"#,
            &[
                r#"PUT /webhook/{id} {"endpoint":"https://hooks.example.com/second","events":["certificate_issued","domain_expired"],"secret":"","webhook_settings":{"webhook_send_certificate_chain":"1","webhook_send_instant_issued_certificate_chain":"1"}}"#,
            ],
        ),
        (last_block!(r#"events = ["certificate_issued", "order_rejected"]"#), &[LAST]),
    ],
    respelled: last_block!(r#"events = ["order_rejected", "certificate_issued"]"#),
    drift: &[
        ("endpoint", |world| only(world).endpoint = "https://other.example.com".into()),
        ("events", |world| only(world).events = vec!["domain_expired".into()]),
        ("secret", |world| only(world).set_secret(None)),
        ("settings.notification_frequency", |world| {
            only(world).settings.webhook_notification_frequency = Some(vec![7]);
        }),
        ("settings.instant_issue_notification", |world| {
            only(world).settings.instant_issue_webhook_notification = Some(false);
        }),
        ("active", |world| activate(only(world))),
    ],
    unnoticed: &[
        |world| only(world).settings.webhook_notification_frequency = Some(vec![-7, 7, 90]),
        |world| {
            let settings = &mut only(world).settings;
            settings.webhook_send_instant_issued_certificate_chain = Some(false);
        },
    ],
    removed: (|world| world.webhooks.clear(), "does not exist at CertCentral any more"),
    import_id: |state| state["id"].as_str().expect("an ID").to_owned(),
    // The secret was not imported.
    after_import: &[LAST],
    lost_attribute: "events",
    destroy: &["PUT /webhook/{id}/deactivate"],
    left_behind: Some("Webhook stays"),
};

const LAST: &str = r#"PUT /webhook/{id} {"endpoint":"https://hooks.example.com/second","events":["certificate_issued","order_rejected"],"secret":"0123456789abcdef0123456789abcdef","webhook_settings":{"instant_issue_webhook_notification":"1","webhook_notification_frequency":[90,7,-7],"webhook_send_certificate_chain":"0","webhook_send_instant_issued_certificate_chain":"1"}}"#;

/// The only webhook.
fn only(world: &mut World) -> &mut Webhook {
    world.webhooks.values_mut().next().expect("a webhook")
}

/// Answers the challenge, and activates the webhook outside Terraform.
fn activate(webhook: &mut Webhook) {
    webhook.is_verified = true;
    webhook.status = WebhookStatus::Active;
}

#[test]
fn webhook_lifecycle() {
    ROW.live(Options::default());
}

#[test]
fn webhook_lifecycle_in_an_unkind_account() {
    ROW.live(Options {
        bare_not_found: true,
        omitted_webhook_fields_reset: true,
        webhook_actions_repeatable: false,
        ..respelled()
    });
}

#[test]
fn defaults_of_settings_that_are_not_managed_are_not_read() {
    let options = Options { webhook_settings_have_defaults: true, ..Options::default() };
    let workspace = Workspace::new(options);
    let endpoint = "endpoint = \"https://hooks.example.com\"\nactive = false\n";
    write(&workspace, endpoint);
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(workspace.state(ADDRESS)["settings"], json!(null));
    write(&workspace, &format!("{endpoint}settings {{\n  send_certificate_chain = true\n}}"));
    workspace.apply();
    workspace.assert_empty_plan();
    let settings = &workspace.state(ADDRESS)["settings"];
    assert_eq!(settings["send_certificate_chain"], true);
    assert!(settings["notification_frequency"].is_null());

    // After an import, what is not configured is not managed any more.
    let id = workspace.state(ADDRESS)["id"].as_str().expect("an ID").to_owned();
    workspace.forget(ADDRESS);
    workspace.run(&["import", "-no-color", ADDRESS, &id]).succeeded();
    assert_eq!(workspace.state(ADDRESS)["settings"]["instant_issue_notification"], false);
    workspace.sim.with(|world| activate(only(world)));
    workspace.sim.take_requests();
    workspace.apply();
    assert_eq!(workspace.writes(&id), ["PUT /webhook/{id}/deactivate"]);
    workspace.assert_empty_plan();
}

#[test]
fn a_webhook_that_cannot_be_is_refused_before_any_call() {
    let workspace = Workspace::new(Options::default());
    write(
        &workspace,
        r#"
        endpoint  = "http://hooks.example.com"
        secret    = "too short"
        secret_wo = "too short, too"
        events    = []
        settings {
          notification_frequency = [1.5]
        }"#,
    );
    let failed = workspace.apply_fails();
    for rule in [
        "`endpoint` must be an address that begins with `https://`",
        "`secret` must have at least 32 characters (sensitive value)",
        "`secret_wo` must have at least 32 characters (sensitive value)",
        "Set only one of `secret` and `secret_wo`",
        "`secret_wo` requires `secret_wo_version`",
        "`events` must not be empty",
        "must be a whole number",
    ] {
        assert!(failed.contains(rule), "{rule}: {failed}");
    }
    write(&workspace, "endpoint = \"https://hooks.example.com\"\nsecret_wo_version = 1");
    let failed = workspace.apply_fails();
    assert!(failed.contains("`secret_wo_version` requires `secret_wo`"), "{failed}");
    assert!(workspace.sim.requests().is_empty());
}

#[test]
fn an_endpoint_that_certcentral_does_not_reach_is_an_error_at_the_argument() {
    let options = Options { webhook_endpoint_unreachable: true, ..Options::default() };
    let workspace = Workspace::new(options);
    write(&workspace, r#"endpoint = "https://hooks.example.com""#);
    let failed = workspace.apply_fails();
    assert!(failed.contains("Endpoint not accepted"), "{failed}");
    let line = r#"endpoint = "https://hooks.example.com""#;
    assert!(failed.contains(line), "the error points at the argument: {failed}");
    assert!(workspace.state(ADDRESS).is_null());
}

#[test]
fn an_account_without_webhooks_is_an_error() {
    let workspace = Workspace::new(Options { webhooks_enabled: false, ..Options::default() });
    write(&workspace, r#"endpoint = "https://hooks.example.com""#);
    let failed = workspace.apply_fails();
    assert!(failed.contains("missing_permission"), "{failed}");
}

#[test]
fn a_webhook_is_imported_by_id_alone() {
    let workspace = Workspace::new(Options::default());
    add(&workspace, "https://existing.example.com");
    write(&workspace, "endpoint = \"https://existing.example.com\"\nactive = false");
    for (id, said) in [("7", "no webhook with the ID \"7\""), ("webhook", "must be a numeric ID")] {
        let failed = workspace.run(&["import", "-no-color", ADDRESS, id]).failed();
        assert!(failed.contains(said), "{failed}");
    }
    let id = workspace.sim.with(|world| only(world).id).to_string();
    workspace.run(&["import", "-no-color", ADDRESS, &id]).succeeded();
    let state = workspace.state(ADDRESS);
    assert_eq!((&state["active"], &state["secret"]), (&json!(true), &json!(null)));
    assert_eq!(state["status"], "pending");
}

#[test]
fn a_destroy_deactivates_and_keeps_the_webhook() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, r#"endpoint = "https://hooks.example.com""#);
    workspace.apply();
    workspace.sim.with(|world| activate(only(world)));
    let destroyed = unwrapped(&workspace.destroy());
    assert!(destroyed.contains("CertCentral cannot delete a webhook"), "{destroyed}");
    assert_eq!(workspace.sim.with(|world| only(world).status), WebhookStatus::Inactive);

    // The next create adopts it, and activates it at once.
    let applied = workspace.apply();
    assert!(applied.contains("Webhook adopted"), "{applied}");
    workspace.assert_empty_plan();
    assert_eq!(workspace.state(ADDRESS)["status"], "active");
}

/// Adds a webhook outside Terraform, with a secret.
fn add(workspace: &Workspace, endpoint: &str) {
    workspace.sim.with(|world| {
        let id = world.next_id();
        let mut webhook = Webhook::new(id, world.account.id, endpoint);
        webhook.events = vec!["domain_expired".into()];
        webhook.set_secret(Some(OLD_SECRET.to_owned()));
        world.webhooks.insert(id, webhook);
    });
}

const OLD_SECRET: &str = "an-old-secret-of-more-than-32-characters";

const TYPE: &str = "digicert_webhook";

const ADDRESS: &str = "digicert_webhook.it";

fn write(workspace: &Workspace, block: &str) {
    workspace.write_block(TYPE, block);
}
