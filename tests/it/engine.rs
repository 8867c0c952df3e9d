//! The engine takes a data source and a list resource by a file and a line each.

mod throw_away;

use certcentral_sim::Sim;
use serde_json::{Value, json};
use terraform_provider_digicert::kind::Registry;
use terraform_provider_digicert::protocol::service::Service;
use terraform_provider_digicert::protocol::tfplugin5 as wire;
use terraform_provider_digicert::protocol::tfplugin5::provider_server::Provider as _;
use terraform_provider_digicert::provider::Provider;
use tokio_stream::StreamExt as _;
use tonic::Request;

/// A service of nothing but the throw-away kinds, configured for this simulator.
async fn service(sim: &Sim) -> Service {
    let registry = Registry {
        resources: throw_away::RESOURCES,
        data_sources: throw_away::DATA_SOURCES,
        lists: throw_away::LISTS,
    };
    let service = Service::with(Provider::with(registry));
    let config = json!({ "api_key": sim.api_key(), "base_url": sim.base_url() });
    let request = wire::configure::Request {
        config: Some(dynamic(&config)),
        ..wire::configure::Request::default()
    };
    let answer = service.configure(Request::new(request)).await.expect("an answer").into_inner();
    assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
    service
}

async fn schema(service: &Service) -> wire::get_provider_schema::Response {
    let request = Request::new(wire::get_provider_schema::Request::default());
    service.get_schema(request).await.expect("an answer").into_inner()
}

fn dynamic(json: &Value) -> wire::DynamicValue {
    wire::DynamicValue { msgpack: Vec::new(), json: json.to_string().into_bytes() }
}

fn decoded(value: Option<&wire::DynamicValue>) -> Value {
    let value = value.expect("a value");
    let value = rmpv::decode::read_value(&mut value.msgpack.as_slice()).expect("msgpack");
    serde_json::to_value(value).expect("plain values")
}

#[tokio::test]
async fn a_data_source_is_looked_up() {
    let sim = crate::fixtures::sim();
    let service = service(&sim).await;
    let schema = schema(&service).await;
    assert!(schema.data_source_schemas.contains_key("digicert_throw_away"));

    let read = |id: &str| {
        service.read_data_source(Request::new(wire::read_data_source::Request {
            type_name: "digicert_throw_away".into(),
            config: Some(dynamic(&json!({ "id": id }))),
            ..wire::read_data_source::Request::default()
        }))
    };
    let answer = read("110001").await.expect("an answer").into_inner();
    assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
    let state = decoded(answer.state.as_ref());
    assert_eq!((&state["id"], &state["status"]), (&json!("110001"), &json!("active")));

    let answer = read("4").await.expect("an answer").into_inner();
    assert_eq!(answer.diagnostics[0].summary, "Cannot read digicert_throw_away");
    assert!(answer.diagnostics[0].detail.contains("not_found|user"), "{:?}", answer.diagnostics);
}

#[tokio::test]
async fn a_data_source_validates_its_configuration() {
    let sim = crate::fixtures::sim();
    let request = wire::validate_data_source_config::Request {
        type_name: "digicert_throw_away".into(),
        config: Some(dynamic(&json!({ "id": "no ID" }))),
    };
    let answer = service(&sim).await.validate_data_source_config(Request::new(request)).await;
    let diagnostics = answer.expect("an answer").into_inner().diagnostics;
    assert!(diagnostics[0].detail.contains("`id` must"), "{diagnostics:?}");
}

/// The events of a list with this limit; the search ends with the limit, or once nobody listens.
async fn listed(service: &Service, search: &str, limit: i64) -> Vec<wire::list_resource::Event> {
    let request = wire::list_resource::Request {
        type_name: "digicert_throw_away".into(),
        config: Some(dynamic(&json!({ "search": search }))),
        include_resource_object: true,
        limit,
    };
    let stream = service.list_resource(Request::new(request)).await.expect("a stream");
    stream.into_inner().map(|event| event.expect("never a status")).collect().await
}

#[tokio::test]
async fn a_list_streams_objects_up_to_its_limit() {
    let sim = crate::fixtures::sim();
    let service = service(&sim).await;
    let schema = schema(&service).await;
    assert!(schema.list_resource_schemas.contains_key("digicert_throw_away"));

    let all = listed(&service, "", 100).await;
    let users = sim.with(|world| world.users.len());
    assert_eq!(all.len(), users);
    for event in &all {
        assert!(event.diagnostic.is_empty(), "{:?}", event.diagnostic);
        let identity = event.identity.as_ref().and_then(|it| it.identity_data.as_ref());
        let (identity, object) = (decoded(identity), decoded(event.resource_object.as_ref()));
        assert_eq!(identity, json!({ "account_id": "100001", "id": object["id"] }));
        assert!(object["username"] == event.display_name, "{object}");
    }
    assert_eq!(listed(&service, "", 1).await.len(), 1);
}

#[tokio::test]
async fn a_list_that_fails_says_so_in_an_event() {
    let sim = crate::fixtures::sim();
    let service = service(&sim).await;
    let events = listed(&service, "fail", 100).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].diagnostic[0].summary, "Cannot list digicert_throw_away");
    assert!(events[0].identity.is_none());
}
