//! Identities: every resource but invites has one, in every response, and can be imported by it.

use serde_json::{Value, json};

use crate::fixtures::{named_subaccount, sim};
use crate::host::{Host, Object};
use crate::process::tfplugin5 as wire;

/// A configuration of each resource that has an identity, and the identity of the created object.
fn resources() -> Vec<(&'static str, Value, Value)> {
    let of = |id: &str| json!({ "account_id": "100001", "id": id });
    let account = json!({ "account_id": "100001" });
    let contact = json!({ "first_name": "Ada", "last_name": "Example", "email": "a@example.com" });
    let user = json!({
        "username": "ana", "first_name": "Ana", "last_name": "Example", "email": "ana@example.com",
        "access_role_id": "5",
    });
    vec![
        ("digicert_account_emails", json!({ "admin_emails": ["a@example.com"] }), account.clone()),
        ("digicert_account_settings", json!({ "account_fund_expiry_notices": true }), account),
        ("digicert_api_key", json!({ "user_id": "110001", "name": "key" }), of("700002")),
        ("digicert_division", json!({ "name": "Sales" }), of("500001")),
        (
            "digicert_organization_contacts",
            json!({ "organization_id": "300001", "technical_contact": contact }),
            of("300001"),
        ),
        (
            "digicert_service_user",
            json!({ "email": "ci@example.com", "key_name": "first" }),
            of("500001"),
        ),
        ("digicert_subaccount", named_subaccount("first"), of("500001")),
        ("digicert_user", user, of("500001")),
    ]
}

#[tokio::test]
async fn every_response_has_the_identity() {
    for (resource, config, identity) in resources() {
        let sim = sim();
        let mut host = Host::without_retries(&sim).await;
        let planned = host.plan(resource, &Object::default(), Some(&config)).await;
        assert_eq!(planned.object.identity(), Value::Null, "{resource}");
        let applied = host.apply(resource, &Object::default(), Some(&config)).await.succeeded();
        assert_eq!(applied.object.identity(), identity, "{resource}");
        let read = host.read(resource, &applied.object).await.succeeded();
        assert_eq!(read.object.identity(), identity, "{resource}");
        // A state from before there were identities.
        for private in [read.object.private.clone(), Vec::new()] {
            let old = Object { private, identity: None, ..read.object.clone() };
            let planned = host.plan(resource, &old, Some(&config)).await;
            assert_eq!(planned.object.identity(), identity, "{resource}");
            let read = host.read(resource, &old).await.succeeded();
            assert_eq!(read.object.identity(), identity, "{resource}");
        }

        let imported = host.import_by_identity(resource, &identity).await.succeeded();
        assert_eq!(imported.object.identity(), identity, "{resource}");
        let read = host.read(resource, &imported.object).await.succeeded();
        assert_eq!(read.object.identity(), identity, "{resource}");
    }
}

#[tokio::test]
async fn an_identity_without_its_account_is_enough() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let identity = json!({ "account_id": null, "id": "110001" });
    let imported = host.import_by_identity("digicert_user", &identity).await.succeeded();
    let whole = json!({ "account_id": "100001", "id": "110001" });
    assert_eq!(imported.object.identity(), whole);
}

#[tokio::test]
async fn an_identity_that_does_not_fit_is_refused() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    for (resource, identity, said) in [
        (
            "digicert_user",
            json!({ "account_id": "7", "id": "110001" }),
            "API key of another account: The object to import belongs to account 7",
        ),
        (
            "digicert_account_settings",
            json!({ "account_id": "7" }),
            "API key of another account: The object to import belongs to account 7",
        ),
        (
            "digicert_user",
            json!({ "account_id": null, "id": "ana" }),
            "Invalid identity: `id` of the identity of a digicert_user must be a numeric ID; got \"ana\"",
        ),
        (
            "digicert_user",
            json!({ "account_id": null, "id": null }),
            "Invalid identity: The identity of a digicert_user must have an ID",
        ),
    ] {
        let refused = host.import_by_identity(resource, &identity).await;
        assert!(refused.errors[0].contains(said), "{:?}", refused.errors);
    }
}

#[tokio::test]
async fn a_rotation_changes_the_identity() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let config = |trigger: &str| json!({ "user_id": "110001", "name": "key", "rotation_triggers": { "at": trigger } });
    let key = "digicert_api_key";
    let first = host.apply(key, &Object::default(), Some(&config("1"))).await.succeeded();
    let planned = host.plan(key, &first.object, Some(&config("2"))).await;
    assert_eq!(planned.object.identity()["id"], "700002", "only the apply knows the new one");
    let second = host.apply(key, &first.object, Some(&config("2"))).await.succeeded();
    assert_eq!(second.object.identity()["id"], "700003");
}

#[tokio::test]
async fn identities_have_schemas_and_versions() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let request = wire::get_resource_identity_schemas::Request::default();
    let answer = host.client.get_resource_identity_schemas(request).await.expect("an answer");
    let schemas = answer.into_inner().identity_schemas;
    assert!(!schemas.contains_key("digicert_subaccount_invite"));
    for (resource, ..) in resources() {
        let schema = &schemas[resource];
        assert_eq!(schema.version, 0, "{resource}");
        for attribute in &schema.identity_attributes {
            assert!(attribute.required_for_import != attribute.optional_for_import, "{resource}");
            assert_eq!(attribute.r#type, b"\"string\"", "{resource}");
        }
    }

    let upgrade = |version: i64| wire::upgrade_resource_identity::Request {
        type_name: "digicert_user".into(),
        version,
        raw_identity: Some(wire::RawState {
            json: br#"{"account_id":"100001","id":"7","added_later":1}"#.to_vec(),
            ..wire::RawState::default()
        }),
    };
    let answer = host.client.upgrade_resource_identity(upgrade(0)).await.expect("an answer");
    let upgraded = Object { identity: answer.into_inner().upgraded_identity, ..Object::default() };
    assert_eq!(upgraded.identity(), json!({ "account_id": "100001", "id": "7" }));
    let answer = host.client.upgrade_resource_identity(upgrade(1)).await.expect("an answer");
    let diagnostics = answer.into_inner().diagnostics;
    assert_eq!(diagnostics[0].summary, "Unreadable identity");
}

#[tokio::test]
async fn a_moved_state_has_its_identity() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let move_state = |source_identity: Option<&Value>| wire::move_resource_state::Request {
        source_provider_address: "registry.terraform.io/fork/digicert".into(),
        source_type_name: "digicert_user".into(),
        target_type_name: "digicert_user".into(),
        source_state: Some(wire::RawState {
            json: br#"{"id":"110001","account_id":"100001"}"#.to_vec(),
            ..wire::RawState::default()
        }),
        source_identity: source_identity.map(|it| wire::RawState {
            json: it.to_string().into_bytes(),
            ..wire::RawState::default()
        }),
        ..wire::move_resource_state::Request::default()
    };
    let stored = json!({ "account_id": "7", "id": "110001" });
    for (source, expected) in
        [(None, json!({ "account_id": "100001", "id": "110001" })), (Some(&stored), stored.clone())]
    {
        let answer = host.client.move_resource_state(move_state(source)).await.expect("an answer");
        let identity = answer.into_inner().target_identity;
        assert_eq!(Object { identity, ..Object::default() }.identity(), expected);
    }
}

#[tokio::test]
async fn a_generated_configuration_leads_to_the_state() {
    for (resource, config, _) in resources() {
        let sim = sim();
        let mut host = Host::without_retries(&sim).await;
        let applied = host.apply(resource, &Object::default(), Some(&config)).await.succeeded();
        let request = wire::generate_resource_config::Request {
            type_name: resource.to_owned(),
            state: applied.object.state.clone(),
        };
        let answer = host.client.generate_resource_config(request).await.expect("an answer");
        let generated = Object { state: answer.into_inner().config, ..Object::default() };
        let generated = generated.attributes();
        assert!(!generated.to_string().contains("api_key\":\""), "{resource}: {generated}");
        let planned = host.plan(resource, &applied.object, Some(&generated)).await;
        assert_eq!(planned.attributes, applied.attributes, "{resource}");
    }
}
