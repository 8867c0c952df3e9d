//! The RPCs of Terraform core, for tests that the installed CLI cannot run.
//!
//! Configurations are sent as JSON. Responses are msgpack, and are decoded by another codec than
//! the provider's own.

use certcentral_sim::Sim;
use serde_json::{Value, json};
use tonic::transport::Channel;

use crate::process::Plugin;
use crate::process::go_plugin::{Empty, grpc_controller_client::GrpcControllerClient};
use crate::process::tfplugin5::provider_client::ProviderClient;
use crate::process::tfplugin5::{self as wire, diagnostic::Severity};

/// A configured provider and its client.
///
/// When dropped, it searches the provider's log, at level TRACE, for keys.
pub(crate) struct Host<'a> {
    pub(crate) plugin: Plugin,
    pub(crate) client: ProviderClient<Channel>,
    sim: Option<&'a Sim>,
}

impl Drop for Host<'_> {
    fn drop(&mut self) {
        let Some(sim) = self.sim.filter(|_| !std::thread::panicking()) else { return };
        assert_no_key(sim, "the log", &self.plugin.stderr());
    }
}

/// Fails if the text contains the provider's key or one that the simulator issued.
#[track_caller]
pub(crate) fn assert_no_key(sim: &Sim, what: &str, text: &str) {
    assert!(!holds_key(sim, text), "{what} holds a key");
}

/// Whether the text contains one of these keys.
pub(crate) fn holds_key(sim: &Sim, text: &str) -> bool {
    text.contains(sim.api_key()) || sim.issued_keys().iter().any(|key| text.contains(key))
}

/// An object as core has it between two calls.
#[derive(Clone, Default)]
pub(crate) struct Object {
    /// The encoded state; `None` if there is no object.
    pub(crate) state: Option<wire::DynamicValue>,
    /// The private data of the provider.
    pub(crate) private: Vec<u8>,
    /// The encoded identity.
    pub(crate) identity: Option<wire::ResourceIdentityData>,
}

/// The response to a call.
pub(crate) struct Answered {
    /// The object afterwards.
    pub(crate) object: Object,
    /// Its attributes; null if there is no object. An unknown value is the text `unknown`.
    pub(crate) attributes: Value,
    /// Errors as `summary: detail`.
    pub(crate) errors: Vec<String>,
    /// Warnings likewise.
    pub(crate) warnings: Vec<String>,
}

impl<'a> Host<'a> {
    /// Starts a provider and configures it for this simulator, with additional arguments.
    pub(crate) async fn start(sim: &'a Sim, arguments: Value) -> Self {
        let mut host = Self::unconfigured(&[]).await;
        host.sim = Some(sim);
        let mut config = json!({ "api_key": sim.api_key(), "base_url": sim.base_url() });
        config
            .as_object_mut()
            .expect("an object")
            .extend(arguments.as_object().cloned().unwrap_or_default());
        assert_eq!(host.configure(Some(dynamic(&config))).await, Vec::<String>::new());
        host
    }

    /// Starts a provider whose calls fail at once and are not limited in rate.
    pub(crate) async fn without_retries(sim: &'a Sim) -> Self {
        Self::start(sim, json!({ "rate_limits": [], "max_retries": 0 })).await
    }

    /// Starts a provider with these variables in its environment.
    pub(crate) async fn unconfigured(envs: &[(&str, &str)]) -> Self {
        let plugin = Plugin::start(&[&[("TF_LOG", "TRACE")], envs].concat());
        let client = plugin.provider().await;
        Self { plugin, client, sim: None }
    }

    /// Requests a shutdown, as Terraform does at the end of a run.
    pub(crate) async fn request_shutdown(&mut self) {
        let mut controller = GrpcControllerClient::new(self.plugin.channel().await);
        controller.shutdown(Empty {}).await.expect("an answer");
    }

    /// Requests a shutdown and waits for it. A host that is only dropped kills the provider.
    pub(crate) async fn shut_down(&mut self) {
        self.request_shutdown().await;
        assert_eq!(self.plugin.exit().await.code(), Some(0));
    }

    /// Configures the provider. Returns the errors.
    pub(crate) async fn configure(&mut self, config: Option<wire::DynamicValue>) -> Vec<String> {
        let terraform_version = "1.11.4".to_owned();
        let request =
            wire::configure::Request { terraform_version, config, client_capabilities: None };
        let answer = self.client.configure(request).await.expect("an answer").into_inner();
        said(&answer.diagnostics, Severity::Error)
    }

    /// Plans and applies. Without `prior` it is a create, without `config` a destroy.
    pub(crate) async fn apply(
        &mut self,
        of: &str,
        prior: &Object,
        config: Option<&Value>,
    ) -> Answered {
        let planned = self.plan(of, prior, config).await;
        assert_eq!(planned.errors, Vec::<String>::new(), "the plan of {of}");
        self.apply_planned(of, prior, planned.object, config).await
    }

    /// Plans. The state of the result is the planned state.
    pub(crate) async fn plan(
        &mut self,
        of: &str,
        prior: &Object,
        config: Option<&Value>,
    ) -> Answered {
        let config = config.map(dynamic);
        let answer = self
            .client
            .plan_resource_change(wire::plan_resource_change::Request {
                type_name: of.to_owned(),
                prior_state: prior.state.clone(),
                proposed_new_state: config.clone(),
                config,
                prior_private: prior.private.clone(),
                prior_identity: prior.identity.clone(),
                ..wire::plan_resource_change::Request::default()
            })
            .await
            .expect("an answer")
            .into_inner();
        let identity = answer.planned_identity;
        answered(answer.planned_state, answer.planned_private, identity, &answer.diagnostics)
    }

    /// Applies a plan.
    pub(crate) async fn apply_planned(
        &mut self,
        of: &str,
        prior: &Object,
        planned: Object,
        config: Option<&Value>,
    ) -> Answered {
        let answer = self
            .client
            .apply_resource_change(wire::apply_resource_change::Request {
                type_name: of.to_owned(),
                prior_state: prior.state.clone(),
                planned_state: planned.state,
                config: config.map(dynamic),
                planned_private: planned.private,
                planned_identity: planned.identity,
                ..wire::apply_resource_change::Request::default()
            })
            .await
            .expect("an answer")
            .into_inner();
        answered(answer.new_state, answer.private, answer.new_identity, &answer.diagnostics)
            .identified(of)
    }

    /// Reads an object.
    pub(crate) async fn read(&mut self, of: &str, object: &Object) -> Answered {
        read(self.client.clone(), of, object).await
    }

    /// Imports an object without reading it.
    pub(crate) async fn import(&mut self, of: &str, id: &str) -> Answered {
        let request = wire::import_resource_state::Request {
            type_name: of.to_owned(),
            id: id.to_owned(),
            ..wire::import_resource_state::Request::default()
        };
        self.send_import(request).await
    }

    /// Imports an object by its identity, without reading it.
    pub(crate) async fn import_by_identity(&mut self, of: &str, identity: &Value) -> Answered {
        let identity_data = Some(dynamic(identity));
        let request = wire::import_resource_state::Request {
            type_name: of.to_owned(),
            identity: Some(wire::ResourceIdentityData { identity_data }),
            ..wire::import_resource_state::Request::default()
        };
        self.send_import(request).await
    }

    async fn send_import(&mut self, request: wire::import_resource_state::Request) -> Answered {
        let of = request.type_name.clone();
        let answer =
            self.client.import_resource_state(request).await.expect("an answer").into_inner();
        let imported = answer.imported_resources.into_iter().next().unwrap_or_default();
        let wire::import_resource_state::ImportedResource { state, private, identity, .. } =
            imported;
        answered(state, private, identity, &answer.diagnostics).identified(&of)
    }

    /// Upgrades a stored state.
    pub(crate) async fn upgrade(
        &mut self,
        of: &str,
        version: i64,
        raw: wire::RawState,
    ) -> Answered {
        let request = wire::upgrade_resource_state::Request {
            type_name: of.to_owned(),
            version,
            raw_state: Some(raw),
        };
        let answer =
            self.client.upgrade_resource_state(request).await.expect("an answer").into_inner();
        answered(answer.upgraded_state, Vec::new(), None, &answer.diagnostics)
    }

    /// A state from JSON. Omitted attributes are null.
    pub(crate) async fn upgrade_json(&mut self, of: &str, json: &str) -> wire::DynamicValue {
        let raw = wire::RawState { json: json.into(), ..wire::RawState::default() };
        self.upgrade(of, 0, raw).await.succeeded().object.state.expect("a state")
    }
}

/// Reads an object. Several calls may run at once.
pub(crate) async fn read(
    mut client: ProviderClient<Channel>,
    of: &str,
    object: &Object,
) -> Answered {
    let answer = client
        .read_resource(wire::read_resource::Request {
            type_name: of.to_owned(),
            current_state: object.state.clone(),
            private: object.private.clone(),
            current_identity: object.identity.clone(),
            ..wire::read_resource::Request::default()
        })
        .await
        .expect("an answer")
        .into_inner();
    answered(answer.new_state, answer.private, answer.new_identity, &answer.diagnostics)
        .identified(of)
}

impl Object {
    /// Its attributes; null if there is no object.
    pub(crate) fn attributes(&self) -> Value {
        self.state.as_ref().map_or(Value::Null, attributes)
    }

    /// Its identity; null if there is none.
    pub(crate) fn identity(&self) -> Value {
        let data = self.identity.as_ref().and_then(|it| it.identity_data.as_ref());
        data.map_or(Value::Null, attributes)
    }
}

impl Answered {
    /// Fails the test if a response with a state of this type lacks the identity, which Terraform would lose.
    #[track_caller]
    fn identified(self, of: &str) -> Self {
        let has_identity = of != "digicert_subaccount_invite" && !self.attributes["id"].is_null();
        assert_eq!(self.object.identity.is_some(), has_identity, "{of}: {}", self.attributes);
        self
    }

    /// Fails the test if there was an error.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.errors, Vec::<String>::new());
        self
    }
}

/// Represents an unknown value in the JSON of configurations and responses.
pub(crate) const UNKNOWN: &str = "unknown";

/// Encodes JSON for the provider. A value with unknown parts must have every attribute.
pub(crate) fn dynamic(json: &Value) -> wire::DynamicValue {
    if !has_unknown(json) {
        return wire::DynamicValue { msgpack: Vec::new(), json: json.to_string().into_bytes() };
    }
    let mut msgpack = Vec::new();
    rmpv::encode::write_value(&mut msgpack, &encoded(json)).expect("memory");
    wire::DynamicValue { msgpack, json: Vec::new() }
}

fn has_unknown(json: &Value) -> bool {
    match json {
        Value::Array(elements) => elements.iter().any(has_unknown),
        Value::Object(fields) => fields.values().any(has_unknown),
        other => other == UNKNOWN,
    }
}

fn encoded(json: &Value) -> rmpv::Value {
    match json {
        Value::Null => rmpv::Value::Nil,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => number.as_f64().expect("a number").into(),
        Value::String(text) if text == UNKNOWN => rmpv::Value::Ext(0, vec![0]),
        Value::String(text) => text.as_str().into(),
        Value::Array(elements) => elements.iter().map(encoded).collect::<Vec<_>>().into(),
        Value::Object(fields) => {
            let entry = |(key, value): (&String, &Value)| (key.as_str().into(), encoded(value));
            rmpv::Value::Map(fields.iter().map(entry).collect())
        }
    }
}

fn answered(
    state: Option<wire::DynamicValue>,
    private: Vec<u8>,
    identity: Option<wire::ResourceIdentityData>,
    diagnostics: &[wire::Diagnostic],
) -> Answered {
    let attributes = state.as_ref().map_or(Value::Null, attributes);
    // To Terraform there is no object if the state is null.
    let state = state.filter(|_| !attributes.is_null());
    Answered {
        object: Object { state, private, identity },
        attributes,
        errors: said(diagnostics, Severity::Error),
        warnings: said(diagnostics, Severity::Warning),
    }
}

fn said(diagnostics: &[wire::Diagnostic], severity: Severity) -> Vec<String> {
    let of_severity = diagnostics.iter().filter(|it| it.severity() == severity);
    of_severity.map(|it| format!("{}: {}", it.summary, it.detail)).collect()
}

fn attributes(value: &wire::DynamicValue) -> Value {
    if !value.json.is_empty() {
        return serde_json::from_slice(&value.json).expect("JSON");
    }
    let mut bytes = value.msgpack.as_slice();
    let decoded = rmpv::decode::read_value(&mut bytes).expect("msgpack");
    assert!(bytes.is_empty(), "bytes behind the value");
    json(&decoded)
}

fn json(value: &rmpv::Value) -> Value {
    match value {
        rmpv::Value::Array(elements) => elements.iter().map(json).collect(),
        rmpv::Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| (key.as_str().expect("text").to_owned(), json(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        rmpv::Value::Ext(..) => json!(UNKNOWN),
        other => serde_json::to_value(other).expect("a plain value"),
    }
}
