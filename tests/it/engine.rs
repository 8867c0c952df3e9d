//! The engine takes a data source and a list resource by a file and a line each.

mod throw_away;

use certcentral_sim::Sim;
use prost::Message;
use serde_json::{Value, json};
use terraform_provider_digicert::kind::Registry;
use terraform_provider_digicert::protocol::service::Service;
use terraform_provider_digicert::protocol::tfplugin5 as wire;
use terraform_provider_digicert::provider::Provider;
use tokio_stream::StreamExt as _;

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
    let answer: wire::configure::Response = answer(&service, "Configure", request).await;
    assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
    service
}

/// The messages of the response to a call.
async fn answers<M: Message + Default>(
    service: &Service,
    rpc: &str,
    request: impl Message,
) -> Vec<M> {
    let start = Service::rpc(rpc).expect("an RPC");
    let messages: Vec<_> =
        start(service, request.encode_to_vec().into()).await.expect("no status").collect().await;
    let decode = |message: Result<Vec<u8>, _>| {
        M::decode(&*message.expect("never a status")).expect("a message")
    };
    messages.into_iter().map(decode).collect()
}

/// The response to a call, of one message.
async fn answer<M: Message + Default>(service: &Service, rpc: &str, request: impl Message) -> M {
    answers(service, rpc, request).await.pop().expect("an answer")
}

async fn schema(service: &Service) -> wire::get_provider_schema::Response {
    answer(service, "GetSchema", wire::get_provider_schema::Request::default()).await
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

    let read = async |id: &str| -> wire::read_data_source::Response {
        let request = wire::read_data_source::Request {
            type_name: "digicert_throw_away".into(),
            config: Some(dynamic(&json!({ "id": id }))),
            ..wire::read_data_source::Request::default()
        };
        answer(&service, "ReadDataSource", request).await
    };
    let answer = read("110001").await;
    assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
    let state = decoded(answer.state.as_ref());
    assert_eq!((&state["id"], &state["status"]), (&json!("110001"), &json!("active")));

    let answer = read("4").await;
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
    let answer: wire::validate_data_source_config::Response =
        answer(&service(&sim).await, "ValidateDataSourceConfig", request).await;
    let diagnostics = answer.diagnostics;
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
    answers(service, "ListResource", request).await
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
