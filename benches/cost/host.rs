//! The RPCs that Terraform sends in a plan of unchanged objects.

use std::time::Duration;

use certcentral_sim::Sim;
use serde_json::json;
use tonic::transport::Channel;

use crate::mtls::{self, Identity};
use crate::objects::Object;
use crate::process::tfplugin5::provider_client::ProviderClient;
use crate::process::tfplugin5::{self as wire, DynamicValue};
use crate::process::{Plugin, channel, socket};
use crate::system::processor_time;

/// A provider with TLS, as under Terraform, configured for a simulator.
pub(crate) struct Host {
    plugin: Plugin,
    pub(crate) client: ProviderClient<Channel>,
}

impl Host {
    pub(crate) async fn start(sim: &Sim) -> Self {
        let identity = Identity::new();
        let plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", &identity.pem())]);
        let channel = mtls::channel(&plugin, Some(&identity)).await.expect("it is let in");
        let mut client = client(channel);
        // Terraform requests the schema first, so its memory is part of the measurement.
        client.get_schema(wire::get_provider_schema::Request {}).await.expect("a schema");
        client.configure(configuration(sim)).await.expect("an answer");
        Self { plugin, client }
    }

    pub(crate) fn processor_time(&self) -> Duration {
        processor_time(self.plugin.id())
    }

    /// Memory in use in KiB: now, and at its peak.
    pub(crate) fn resident(&self) -> (u64, u64) {
        crate::system::resident(self.plugin.id()).expect("it runs")
    }
}

/// A client with the message size limits of Terraform.
pub(crate) fn client(channel: Channel) -> ProviderClient<Channel> {
    ProviderClient::new(channel)
        .max_decoding_message_size(usize::MAX)
        .max_encoding_message_size(usize::MAX)
}

/// A connection without TLS to the address of a handshake line.
pub(crate) async fn plain(line: &str) -> Channel {
    let fields: Vec<_> = line.trim().split('|').collect();
    channel(socket(fields[2], fields[3]).await).await.expect("a connection")
}

/// Configures the provider for the simulator, without rate limits.
pub(crate) fn configuration(sim: &Sim) -> wire::configure::Request {
    let config = json!({
        "api_key": sim.api_key(), "base_url": sim.base_url(), "rate_limits": [],
        "max_concurrent_requests": 10,
    });
    let config = DynamicValue { msgpack: Vec::new(), json: config.to_string().into_bytes() };
    let terraform_version = "1.11.4".to_owned();
    wire::configure::Request { terraform_version, config: Some(config), client_capabilities: None }
}

/// Sends the RPCs of a plan of one unchanged object.
pub(crate) async fn plan(client: &mut ProviderClient<Channel>, object: &Object) {
    let config = Some(object.configured());
    let validated = client.validate_resource_type_config(validation(object)).await;
    quiet(&validated.expect("an answer").into_inner().diagnostics);
    let upgraded = client.upgrade_resource_state(upgrade(object)).await;
    let state = upgraded.expect("an answer").into_inner().upgraded_state;
    let read = client.read_resource(reading(object, state)).await.expect("an answer").into_inner();
    quiet(&read.diagnostics);
    let plan = planning(object, read.new_state.clone(), config, read.private);
    let planned = client.plan_resource_change(plan).await.expect("an answer").into_inner();
    quiet(&planned.diagnostics);
    assert!(planned.planned_state == read.new_state, "a change is planned");
}

/// Plans objects with the concurrency of Terraform.
pub(crate) async fn plan_all(client: &ProviderClient<Channel>, objects: &[Object]) {
    let mut tasks = tokio::task::JoinSet::new();
    for chunk in objects.chunks(objects.len().div_ceil(PARALLELISM)) {
        let (mut client, chunk) = (client.clone(), chunk.to_vec());
        tasks.spawn(async move {
            for object in &chunk {
                plan(&mut client, object).await;
            }
        });
    }
    tasks.join_all().await;
}

/// Terraform's default.
const PARALLELISM: usize = 10;

fn quiet(diagnostics: &[wire::Diagnostic]) {
    assert!(diagnostics.is_empty(), "{}: {}", diagnostics[0].summary, diagnostics[0].detail);
}

pub(crate) fn validation(object: &Object) -> wire::validate_resource_type_config::Request {
    wire::validate_resource_type_config::Request {
        type_name: object.type_name.to_owned(),
        config: Some(object.configured()),
        client_capabilities: None,
    }
}

pub(crate) fn upgrade(object: &Object) -> wire::upgrade_resource_state::Request {
    wire::upgrade_resource_state::Request {
        type_name: object.type_name.to_owned(),
        version: 0,
        raw_state: Some(object.stored()),
    }
}

pub(crate) fn reading(
    object: &Object,
    state: Option<DynamicValue>,
) -> wire::read_resource::Request {
    wire::read_resource::Request {
        type_name: object.type_name.to_owned(),
        current_state: state,
        ..wire::read_resource::Request::default()
    }
}

pub(crate) fn planning(
    object: &Object,
    prior_state: Option<DynamicValue>,
    config: Option<DynamicValue>,
    prior_private: Vec<u8>,
) -> wire::plan_resource_change::Request {
    wire::plan_resource_change::Request {
        type_name: object.type_name.to_owned(),
        proposed_new_state: prior_state.clone(),
        prior_state,
        config,
        prior_private,
        ..wire::plan_resource_change::Request::default()
    }
}
