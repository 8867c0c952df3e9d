//! The secret of a webhook, as an argument and as a write-only one.

use certcentral_sim::Options;
use serde_json::{Value, json};

use super::{ADDRESS, TYPE, add, only, write};
use crate::cli::Workspace;
use crate::fixtures::sim;
use crate::host::{Host, Object, dynamic};
use crate::process::tfplugin5 as wire;

const FIRST: &str = "first-secret-of-more-than-32-characters";

const SECOND: &str = "second-secret-of-more-than-32-characters";

fn block(secret: &str) -> String {
    format!("endpoint = \"https://hooks.example.com\"\nactive = false\n{secret}")
}

fn write_only(secret: &str, version: u32) -> String {
    block(&format!("secret_wo = {secret:?}\nsecret_wo_version = {version}"))
}

fn stored(workspace: &Workspace) -> Option<String> {
    workspace.sim.with(|world| only(world).secret().map(str::to_owned))
}

/// Fails if the state or the log has one of the secrets.
fn assert_hidden(workspace: &Workspace) {
    for name in ["terraform.tfstate", "terraform.tfstate.backup", "trace.log"] {
        let bytes = std::fs::read(workspace.path(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(FIRST) && !text.contains(SECOND), "{name} has a secret");
    }
}

#[test]
fn a_write_only_secret_is_sent_and_never_stored() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, &write_only(FIRST, 1));
    workspace.apply();
    assert_eq!(stored(&workspace).as_deref(), Some(FIRST));
    workspace.assert_empty_plan();
    assert_hidden(&workspace);

    // Without another version, another secret is not noticed.
    write(&workspace, &write_only(SECOND, 1));
    workspace.assert_empty_plan();
    write(&workspace, &write_only(SECOND, 2));
    workspace.run(&["plan", "-no-color", "-out=plan"]).succeeded();
    workspace.run(&["apply", "-no-color", "plan"]).succeeded();
    assert_eq!(stored(&workspace).as_deref(), Some(SECOND));
    workspace.assert_empty_plan();
    let state = workspace.state(ADDRESS);
    assert_eq!((&state["secret_wo"], &state["secret_wo_version"]), (&Value::Null, &json!(2)));
    assert!(state["secret"].is_null());
    assert_hidden(&workspace);

    write(&workspace, &block(""));
    workspace.apply();
    assert_eq!(stored(&workspace), None, "removing both removes the secret");
    workspace.assert_empty_plan();
}

#[test]
fn a_secret_moves_between_the_two_arguments() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, &block(&format!("secret = {FIRST:?}")));
    workspace.apply();
    assert_eq!(workspace.state(ADDRESS)["secret"], FIRST);
    write(&workspace, &write_only(SECOND, 1));
    workspace.apply();
    assert_eq!(stored(&workspace).as_deref(), Some(SECOND));
    assert!(workspace.state(ADDRESS)["secret"].is_null(), "it is not read from the answer");
    workspace.assert_empty_plan();
    write(&workspace, &block(&format!("secret = {FIRST:?}")));
    workspace.apply();
    assert_eq!(stored(&workspace).as_deref(), Some(FIRST));
    workspace.assert_empty_plan();
}

#[test]
fn an_ephemeral_secret_is_accepted() {
    let workspace = Workspace::new(Options::default());
    workspace.write(
        r#"
        variable "secret" {
          type      = string
          ephemeral = true
        }
        resource "digicert_webhook" "it" {
          endpoint          = "https://hooks.example.com"
          active            = false
          secret_wo         = var.secret
          secret_wo_version = 1
        }"#,
    );
    let variable = format!("secret={FIRST}");
    workspace
        .run(&["apply", "-auto-approve", "-input=false", "-no-color", "-var", &variable])
        .succeeded();
    assert_eq!(stored(&workspace).as_deref(), Some(FIRST));
}

#[test]
fn an_import_needs_no_secret() {
    let workspace = Workspace::new(Options::default());
    add(&workspace, "https://hooks.example.com");
    let id = workspace.sim.with(|world| only(world).id).to_string();
    write(&workspace, &block("events = [\"domain_expired\"]"));
    workspace.run(&["import", "-no-color", ADDRESS, &id]).succeeded();
    workspace.apply();
    workspace.assert_empty_plan();
    assert!(workspace.state(ADDRESS)["secret"].is_null());
    assert_eq!(stored(&workspace).as_deref(), Some(super::OLD_SECRET), "it is kept");
    let log = std::fs::read(workspace.path("trace.log")).expect("a log");
    assert!(!String::from_utf8_lossy(&log).contains(super::OLD_SECRET), "it is not logged");
}

fn config() -> Value {
    json!({
        "endpoint": "https://hooks.example.com", "active": false, "secret_wo": FIRST, "secret_wo_version": 1,
    })
}

#[tokio::test]
async fn a_host_that_would_store_a_write_only_secret_is_refused() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({})).await;
    let validate = |config: &Value, allowed: Option<bool>| {
        let client_capabilities = allowed.map(|allowed| wire::ClientCapabilities {
            write_only_attributes_allowed: allowed,
            ..wire::ClientCapabilities::default()
        });
        wire::validate_resource_type_config::Request {
            type_name: TYPE.to_owned(),
            config: Some(dynamic(config)),
            client_capabilities,
        }
    };
    let without = json!({ "endpoint": "https://hooks.example.com" });
    for (config, allowed, refused) in [
        (&config(), None, true),
        (&config(), Some(false), true),
        (&config(), Some(true), false),
        (&without, None, false),
    ] {
        let answer = host.client.validate_resource_type_config(validate(config, allowed)).await;
        let diagnostics = answer.expect("an answer").into_inner().diagnostics;
        assert_eq!(!diagnostics.is_empty(), refused, "{diagnostics:?}");
        for diagnostic in diagnostics {
            assert_eq!(diagnostic.summary, "Write-only argument not supported");
            assert!(diagnostic.attribute.is_some());
            assert!(!diagnostic.detail.contains(FIRST));
        }
    }
}

#[tokio::test]
async fn every_answer_has_null_for_a_write_only_secret() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({})).await;
    let planned = host.plan(TYPE, &Object::default(), Some(&config())).await.succeeded();
    assert!(planned.attributes["secret_wo"].is_null());
    let made = host
        .apply_planned(TYPE, &Object::default(), planned.object, Some(&config()))
        .await
        .succeeded();
    assert_eq!(sim.with(|world| only(world).secret().map(str::to_owned)).as_deref(), Some(FIRST));
    assert!(made.attributes["secret_wo"].is_null());
    let read = host.read(TYPE, &made.object).await.succeeded();
    assert!(read.attributes["secret_wo"].is_null() && read.attributes["secret"].is_null());
    let id = made.attributes["id"].as_str().expect("an ID").to_owned();
    let imported = host.import(TYPE, &id).await.succeeded();
    assert!(imported.attributes["secret_wo"].is_null());
    let mut edited = made.attributes.clone();
    edited["secret_wo"] = FIRST.into();
    let raw = wire::RawState { json: edited.to_string().into(), ..wire::RawState::default() };
    let upgraded = host.upgrade(TYPE, 0, raw).await.succeeded();
    assert!(upgraded.attributes["secret_wo"].is_null());

    // A step that fails has a state, too.
    let fault = certcentral_sim::FaultKind::status(503);
    sim.fault(certcentral_sim::Fault::new("PUT", "/webhook/*/activate", fault));
    let mut changed = config();
    changed["active"] = true.into();
    changed["secret_wo"] = SECOND.into();
    changed["secret_wo_version"] = 2.into();
    let failed = host.apply(TYPE, &made.object, Some(&changed)).await;
    assert!(!failed.errors.is_empty());
    assert!(failed.attributes["secret_wo"].is_null());
    assert_eq!(failed.attributes["secret_wo_version"], 2, "it was sent");
    let log = host.plugin.stderr();
    assert!(!log.contains(FIRST) && !log.contains(SECOND));
}

#[tokio::test]
async fn the_schema_marks_the_write_only_argument() {
    let mut host = Host::unconfigured(&[]).await;
    let schema = host.client.get_schema(wire::get_provider_schema::Request::default()).await;
    let mut schemas = schema.expect("a schema").into_inner().resource_schemas;
    let block = schemas.remove(TYPE).and_then(|schema| schema.block).expect("a block");
    let marked: Vec<_> = block.attributes.iter().filter(|it| it.write_only).collect();
    assert_eq!(marked.len(), 1);
    assert!(marked[0].name == "secret_wo" && marked[0].sensitive && !marked[0].computed);
}
