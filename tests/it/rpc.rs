//! RPCs that the installed CLI does not send, and responses that it does not print.

use certcentral_sim::{Fault, FaultKind};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tonic::Code;

use crate::fixtures::{SUBACCOUNT, managed_subaccount, named_subaccount, sim, until};
use crate::host::{Host, Object, dynamic, holds_key};
use crate::process::tfplugin5 as wire;

#[tokio::test]
async fn rpcs_of_unsupported_features_are_unimplemented() {
    let mut host = Host::unconfigured(&[]).await;
    let client = &mut host.client;
    let codes = [
        client.get_metadata(wire::get_metadata::Request::default()).await.err(),
        client.get_functions(wire::get_functions::Request::default()).await.err(),
        client.plan_action(wire::plan_action::Request::default()).await.err(),
        client.invoke_action(wire::invoke_action::Request::default()).await.err(),
    ];
    for status in codes {
        assert_eq!(status.map(|status| status.code()), Some(Code::Unimplemented));
    }
}

#[tokio::test]
async fn the_schema_follows_the_rules_that_terraform_enforces() {
    let mut host = Host::unconfigured(&[]).await;
    let client = &mut host.client;
    let schema = client.get_schema(wire::get_provider_schema::Request::default()).await;
    let schema = schema.expect("a schema").into_inner();
    assert!(schema.server_capabilities.is_some_and(|it| it.plan_destroy));
    let blocks = schema
        .resource_schemas
        .into_iter()
        .chain([("provider".into(), schema.provider.expect("one"))]);
    for (name, schema) in blocks {
        assert_block(&name, &schema.block.expect("a block"));
    }
}

fn assert_block(path: &str, block: &wire::schema::Block) {
    assert!(!block.description.is_empty(), "{path} is not described");
    for attribute in &block.attributes {
        let path = format!("{path}.{}", attribute.name);
        assert!(!attribute.description.is_empty(), "{path} is not described");
        assert!(serde_json::from_slice::<Value>(&attribute.r#type).is_ok(), "{path} has no type");
        let optional = attribute.optional || attribute.computed;
        assert!(
            attribute.required != optional,
            "{path} must be required, or optional, computed or both"
        );
    }
    for nested in &block.block_types {
        let path = format!("{path}.{}", nested.type_name);
        assert_eq!(nested.min_items, nested.max_items, "{path}");
        assert!((0..=1).contains(&nested.min_items), "{path}");
        assert_block(&path, nested.block.as_ref().expect("a block"));
    }
}

#[tokio::test]
async fn an_unknown_type_is_a_diagnostic() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({})).await;
    let read = host.read("digicert_order", &Object::default()).await;
    assert!(read.errors[0].contains("no resource type \"digicert_order\""), "{:?}", read.errors);
    let planned = host.plan("digicert_order", &Object::default(), Some(&json!({}))).await;
    assert_eq!(planned.errors.len(), 1);
}

#[tokio::test]
async fn malformed_values_are_diagnostics_and_state_is_kept() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({})).await;
    for bytes in
        [&b"\xc1"[..], b"\x80", b"\xdf\xff\xff\xff\xff", b"\x93\x01\x02", b"\x81\xa2id\x92"]
    {
        let state = Some(wire::DynamicValue { msgpack: bytes.to_vec(), json: Vec::new() });
        let request = wire::read_resource::Request {
            type_name: SUBACCOUNT.to_owned(),
            current_state: state.clone(),
            private: b"\xff not JSON".to_vec(),
            ..wire::read_resource::Request::default()
        };
        let answer = host.client.read_resource(request).await.expect("an answer").into_inner();
        assert_eq!(answer.new_state, state, "an absent state would mean that the object is gone");
        assert!(answer.diagnostics[0].summary.starts_with("Malformed value"));

        let request = wire::apply_resource_change::Request {
            type_name: SUBACCOUNT.to_owned(),
            prior_state: state.clone(),
            planned_state: state.clone(),
            ..wire::apply_resource_change::Request::default()
        };
        let answer =
            host.client.apply_resource_change(request).await.expect("an answer").into_inner();
        assert_eq!((answer.new_state, answer.diagnostics.len()), (state.clone(), 1));

        let request =
            wire::configure::Request { config: state, ..wire::configure::Request::default() };
        let answer = host.client.configure(request).await.expect("an answer").into_inner();
        assert_eq!(answer.diagnostics.len(), 1);
    }
    assert!(host.plugin.runs());
}

#[tokio::test]
async fn an_apply_without_prior_and_planned_state_does_nothing() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({})).await;
    sim.take_requests();
    let nothing = host.apply_planned(SUBACCOUNT, &Object::default(), Object::default(), None).await;
    assert!(nothing.succeeded().attributes.is_null());
    assert!(sim.requests().is_empty());
}

#[tokio::test]
async fn states_of_other_versions_are_upgraded_or_refused() {
    let mut host = Host::unconfigured(&[]).await;
    let raw = |json: &str| wire::RawState { json: json.into(), ..wire::RawState::default() };
    let older =
        host.upgrade(SUBACCOUNT, 0, raw(r#"{"id": "7", "gone": {"a": 1e400}}"#)).await.succeeded();
    assert_eq!(older.attributes["id"], "7");
    assert!(older.attributes["organization"].is_null());
    assert!(older.attributes.get("gone").is_none());

    let flatmap = [("id".to_owned(), "7".to_owned())].into();
    for (version, raw, says) in [
        (1, raw("{}"), "schema version 1"),
        (0, raw("[]"), "cannot be read"),
        (0, raw(r#"{"id": "#), "truncated"),
        (0, raw(r#"{"organization": {"name": ["s3cret"]}}"#), "`organization.name`"),
        (0, wire::RawState { flatmap, json: Vec::new() }, "Terraform 0.11"),
    ] {
        let errors = host.upgrade(SUBACCOUNT, version, raw).await.errors;
        assert!(errors[0].contains(says) && !errors[0].contains("s3cret"), "{errors:?}");
    }
}

#[tokio::test]
async fn a_state_moves_between_sources_of_the_same_type() {
    let mut host = Host::unconfigured(&[]).await;
    let json = br#"{"id": "7", "deep": {"added": "later"}}"#;
    let request = |source: &str, version| wire::move_resource_state::Request {
        source_provider_address: "registry.example.com/fork/digicert".to_owned(),
        source_type_name: source.to_owned(),
        source_schema_version: version,
        source_state: Some(wire::RawState { json: json.to_vec(), ..wire::RawState::default() }),
        source_private: br#"{"imported":true}"#.to_vec(),
        target_type_name: SUBACCOUNT.to_owned(),
        ..wire::move_resource_state::Request::default()
    };
    let moved = host.client.move_resource_state(request(SUBACCOUNT, 0)).await;
    let moved = moved.expect("an answer").into_inner();
    assert!(moved.diagnostics.is_empty(), "{:?}", moved.diagnostics);
    assert_eq!(moved.target_private, br#"{"imported":true}"#);
    let state = Object { state: moved.target_state, ..Object::default() };
    assert_eq!(state.attributes()["id"], "7");
    assert!(state.attributes().get("deep").is_none());

    for (source, version, says) in
        [("digicert_user", 0, "must keep the resource type"), (SUBACCOUNT, 1, "schema version 1")]
    {
        let refused = host.client.move_resource_state(request(source, version)).await;
        let refused = refused.expect("an answer").into_inner();
        assert!(refused.target_state.is_none());
        assert!(refused.diagnostics[0].detail.contains(says), "{:?}", refused.diagnostics);
    }
}

#[tokio::test]
async fn a_malformed_id_in_the_state_is_an_error() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({})).await;
    for (of, json) in [
        ("digicert_user", r#"{"id": "u-101", "username": "ana"}"#),
        ("digicert_organization_contacts", r#"{"id": "x", "organization_id": "12"}"#),
        ("digicert_subaccount", r#"{"id": "007", "deletion_protection": false}"#),
    ] {
        let state = Some(host.upgrade_json(of, json).await);
        let object = Object { state, ..Object::default() };
        let read = host.read(of, &object).await;
        assert!(read.errors[0].starts_with("Unreadable state"), "{:?}", read.errors);
        assert_eq!(read.attributes["id"], object.attributes()["id"], "the state is kept");
        let planned = host.plan(of, &object, None).await;
        assert!(planned.errors[0].starts_with("Unreadable state"), "{:?}", planned.errors);
        let destroyed = host.apply_planned(of, &object, Object::default(), None).await;
        assert!(destroyed.errors[0].starts_with("Unreadable state"), "{:?}", destroyed.errors);
        assert!(!destroyed.attributes.is_null(), "nothing counts as destroyed");
    }
    assert_eq!(sim.requests().iter().filter(|it| it.path.ends_with("/0")).count(), 0);
}

#[tokio::test]
async fn an_apply_with_an_unknown_argument_is_refused() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({})).await;
    let config = managed_subaccount();
    let planned = host.plan(SUBACCOUNT, &Object::default(), Some(&config)).await.succeeded();
    let state = planned.object.state.expect("a plan");
    let mut value = rmpv::decode::read_value(&mut state.msgpack.as_slice()).expect("msgpack");
    let rmpv::Value::Map(attributes) = &mut value else { panic!("an object") };
    for (name, value) in attributes {
        if name.as_str() == Some("account_type") {
            *value = rmpv::Value::Ext(0, vec![0]);
        }
    }
    let mut msgpack = Vec::new();
    rmpv::encode::write_value(&mut msgpack, &value).expect("memory");
    let state = Some(wire::DynamicValue { msgpack, json: Vec::new() });
    let planned = Object { state, ..Object::default() };
    let applied = host.apply_planned(SUBACCOUNT, &Object::default(), planned, Some(&config)).await;
    assert!(applied.errors[0].contains("`account_type` is unknown"), "{:?}", applied.errors);
    assert_eq!(sim.count("POST", "/account"), 0);
}

#[tokio::test]
async fn a_malformed_id_is_a_warning_before_configure_and_an_error_after_it() {
    let config = json!({
        "organization_id": "qhzvbkrt",
        "technical_contact": { "first_name": "Ana", "last_name": "Example", "email": "ana@example.com" },
    });
    let request = || wire::validate_resource_type_config::Request {
        type_name: "digicert_organization_contacts".to_owned(),
        config: Some(dynamic(&config)),
        ..wire::validate_resource_type_config::Request::default()
    };
    let severity = |answer: Result<
        tonic::Response<wire::validate_resource_type_config::Response>,
        tonic::Status,
    >| {
        let diagnostics = answer.expect("an answer").into_inner().diagnostics;
        assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
        diagnostics[0].severity()
    };
    let sim = sim();
    let mut host = Host::unconfigured(&[]).await;
    let offline = host.client.validate_resource_type_config(request()).await;
    assert_eq!(severity(offline), wire::diagnostic::Severity::Warning);
    let mut host = Host::start(&sim, json!({})).await;
    let configured = host.client.validate_resource_type_config(request()).await;
    assert_eq!(severity(configured), wire::diagnostic::Severity::Error);
}

#[tokio::test]
async fn an_unknown_key_is_not_replaced_by_the_environment() {
    let sim = sim();
    let envs = [("DIGICERT_API_KEY", sim.api_key()), ("DIGICERT_BASE_URL", &sim.base_url())];
    let mut host = Host::unconfigured(&envs).await;
    // All arguments are null, except for the key, which is unknown.
    let schema = host.client.get_schema(wire::get_provider_schema::Request::default()).await;
    let provider = schema.expect("a schema").into_inner().provider.expect("one");
    let config = provider.block.expect("a block").attributes.into_iter().map(|attribute| {
        let value = match attribute.name.as_str() {
            "api_key" => rmpv::Value::Ext(12, vec![0x81, 0x01, 0xc2]),
            _ => rmpv::Value::Nil,
        };
        (attribute.name.into(), value)
    });
    let mut msgpack = Vec::new();
    rmpv::encode::write_value(&mut msgpack, &rmpv::Value::Map(config.collect())).expect("memory");
    let errors = host.configure(Some(wire::DynamicValue { msgpack, json: Vec::new() })).await;
    assert_eq!(errors, Vec::<String>::new());

    let planned =
        host.plan(SUBACCOUNT, &Object::default(), Some(&managed_subaccount())).await.succeeded();
    assert_eq!(planned.attributes["id"], "unknown");
    let applied = host
        .apply_planned(SUBACCOUNT, &Object::default(), planned.object, Some(&managed_subaccount()))
        .await;
    assert!(applied.errors[0].contains("not known until apply: `api_key`"), "{:?}", applied.errors);
    assert!(applied.attributes.is_null());
    assert!(sim.requests().is_empty());
}

#[tokio::test]
async fn a_provider_that_is_not_configured_refuses_an_apply() {
    let mut host = Host::unconfigured(&[]).await;
    let applied = host.apply(SUBACCOUNT, &Object::default(), Some(&managed_subaccount())).await;
    assert!(applied.errors[0].starts_with("Provider not configured"), "{:?}", applied.errors);
}

#[tokio::test]
async fn a_broken_connection_does_not_interrupt_a_write() {
    let sim = sim();
    sim.fault(Fault::new("POST", "/account", FaultKind::Hold));
    let mut host = Host::start(&sim, json!({})).await;
    let planned = host.plan(SUBACCOUNT, &Object::default(), Some(&managed_subaccount())).await;
    let mut client = host.client.clone();
    let request = wire::apply_resource_change::Request {
        type_name: SUBACCOUNT.to_owned(),
        planned_state: planned.object.state,
        ..wire::apply_resource_change::Request::default()
    };
    let applying = tokio::spawn(async move { client.apply_resource_change(request).await });
    until(|| sim.count("POST", "/account") == 1).await;
    applying.abort();
    // The provider receives the cancellation before this call, which comes over the same connection.
    host.client.get_schema(wire::get_provider_schema::Request::default()).await.expect("a schema");
    sim.clear_faults();
    until(|| sim.requests().iter().any(|it| it.method == "POST" && it.status == 201)).await;
}

#[tokio::test]
async fn stop_waits_for_the_write_in_progress_and_refuses_the_others() {
    let sim = sim();
    sim.fault(Fault::new("POST", "/account", FaultKind::Hold));
    let mut host = Host::start(&sim, json!({})).await;
    let mut applying = JoinSet::new();
    for name in ["first", "second", "third"] {
        let config = named_subaccount(name);
        let planned = host.plan(SUBACCOUNT, &Object::default(), Some(&config)).await;
        let mut client = host.client.clone();
        let request = wire::apply_resource_change::Request {
            type_name: SUBACCOUNT.to_owned(),
            planned_state: planned.object.state,
            config: Some(dynamic(&config)),
            ..wire::apply_resource_change::Request::default()
        };
        applying.spawn(async move { client.apply_resource_change(request).await });
    }
    // All three calls have begun: a stop does not apply to later calls.
    let begun = || {
        let log = host.plugin.stderr();
        let called = |line: &&str| line.contains("ApplyResourceChange") && line.contains("called");
        log.lines().filter(called).count()
    };
    until(|| begun() == 3 && sim.count("POST", "/account") == 1).await;
    host.client.stop(wire::stop::Request::default()).await.expect("an answer");

    let mut errors = Vec::new();
    let mut warnings = Vec::new();
    while let Some(answer) = applying.join_next().await {
        let answer = answer.expect("no panic").expect("an answer").into_inner();
        for diagnostic in answer.diagnostics {
            match diagnostic.severity() {
                wire::diagnostic::Severity::Error => errors.push(diagnostic.detail),
                _ => warnings.push(diagnostic.summary),
            }
        }
        // The requests that were not sent are refused while the other one still has no response.
        if errors.len() == 2 {
            sim.clear_faults();
        }
    }
    assert_eq!(sim.with(|world| world.subaccounts.len()), 1, "what had been sent took effect");
    assert_eq!(errors.len(), 2, "what had not was refused: {errors:?}");
    assert!(errors.iter().all(|it| it.contains("interrupted before completion")), "{errors:?}");
    assert_eq!(warnings, ["Subaccount not read yet"], "the effect is recorded, and never an error");

    let config = named_subaccount("later");
    host.apply(SUBACCOUNT, &Object::default(), Some(&config)).await.succeeded();
}

#[tokio::test]
async fn the_search_for_keys_finds_a_key() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({})).await;
    host.apply(SUBACCOUNT, &Object::default(), Some(&managed_subaccount())).await.succeeded();
    // Bodies are logged. The one with the key may still be on its way.
    let bodies = |log: &str| log.contains("\"@level\":\"trace\"") && log.contains("(redacted)");
    host.plugin.logs(bodies).await;
    let log = host.plugin.stderr();
    for key in [sim.api_key(), &sim.issued_keys()[0]] {
        assert!(holds_key(&sim, &format!("{log}\n{key}")));
    }
}
