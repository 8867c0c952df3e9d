//! The RPCs of the provider, as core calls them, with values instead of messages.

use std::sync::Arc;

use prost::Message;
use terraform_provider_digicert::kind::AnyResource;
use terraform_provider_digicert::protocol::msgpack;
use terraform_provider_digicert::protocol::service::Service;
use terraform_provider_digicert::protocol::tfplugin5::diagnostic::Severity;
use terraform_provider_digicert::protocol::tfplugin5::{self as wire};
use terraform_provider_digicert::resources::RESOURCES;
use terraform_provider_digicert::schema::{Type, Value};
use tokio_stream::StreamExt as _;

use super::state::Object;
use super::value::{conforms, to_json};
use crate::defect::Defect;
use crate::invariant::{Invariant, Violation};

/// A diagnostic.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) is_error: bool,
    pub(crate) summary: String,
    pub(crate) detail: String,
    /// Whether it names an attribute.
    pub(crate) has_path: bool,
}

/// The response to a call.
#[derive(Default)]
pub(crate) struct Answered {
    pub(crate) state: Value,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Value,
    pub(crate) said: Vec<Said>,
    /// First steps of the paths that force a new object.
    pub(crate) replace: Vec<String>,
}

impl Answered {
    pub(crate) fn failed(&self) -> bool {
        self.said.iter().any(|it| it.is_error)
    }

    /// Replaces an attribute of the state, if it has it.
    pub(crate) fn set(&mut self, name: &'static str, value: Value) {
        if let Value::Object(attributes) = &mut self.state
            && attributes.contains_key(name)
        {
            attributes.insert(name, value);
        }
    }
}

/// The provider's service, which tasks share.
#[derive(Clone)]
pub(crate) struct Plugin {
    service: Arc<Service>,
    defect: Option<Defect>,
}

type Decoded = Result<Answered, Violation>;

impl Plugin {
    pub(crate) fn new(service: Service, defect: Option<Defect>) -> Self {
        Self { service: Arc::new(service), defect }
    }

    /// Calls an RPC, with encoded messages as a connection has them.
    async fn call<Q: Message, A: Message + Default>(
        &self,
        rpc: &str,
        request: &Q,
    ) -> Result<A, Violation> {
        let failed =
            |what: String| Violation::new(Invariant::CoreAccepts, format!("{rpc} failed: {what}"));
        let start = Service::rpc(rpc).ok_or_else(|| failed("there is none".to_owned()))?;
        let started = start(&self.service, request.encode_to_vec().into()).await;
        let mut messages = started.map_err(|it| failed(it.message().to_owned()))?;
        let message = messages.next().await.ok_or_else(|| failed("no message".to_owned()))?;
        let message = message.map_err(|it| failed(it.message().to_owned()))?;
        A::decode(message.as_slice()).map_err(|it| failed(it.to_string()))
    }

    pub(crate) async fn configure(
        &self,
        config: &serde_json::Value,
    ) -> Result<Vec<Said>, Violation> {
        let config =
            Some(wire::DynamicValue { msgpack: Vec::new(), json: config.to_string().into_bytes() });
        let request = wire::configure::Request {
            terraform_version: "1.14.0".to_owned(),
            config,
            client_capabilities: None,
        };
        Ok(said(
            self.call::<_, wire::configure::Response>("Configure", &request).await?.diagnostics,
        ))
    }

    pub(crate) async fn stop(&self) -> Result<(), Violation> {
        let request = wire::stop::Request::default();
        let _: wire::stop::Response = self.call("Stop", &request).await?;
        Ok(())
    }

    /// Ends the process in order, as the host's Shutdown does.
    pub(crate) async fn end(&self) {
        self.service.end_run().await;
    }

    pub(crate) async fn validate(&self, of: &str, config: &Value) -> Result<Vec<Said>, Violation> {
        let request = wire::validate_resource_type_config::Request {
            type_name: of.to_owned(),
            config: encoded(config),
            client_capabilities: capabilities(),
        };
        let answer: wire::validate_resource_type_config::Response =
            self.call("ValidateResourceTypeConfig", &request).await?;
        Ok(said(answer.diagnostics))
    }

    /// The stored state, as the provider's version of the schema has it.
    pub(crate) async fn upgrade(&self, of: &str, state: &Value) -> Decoded {
        let json = to_json(state).to_string().into_bytes();
        let request = wire::upgrade_resource_state::Request {
            type_name: of.to_owned(),
            version: 0,
            raw_state: Some(wire::RawState { json, ..wire::RawState::default() }),
        };
        let answer = self
            .call::<_, wire::upgrade_resource_state::Response>("UpgradeResourceState", &request)
            .await?;
        self.decoded(of, answer.upgraded_state, Vec::new(), None, answer.diagnostics)
    }

    pub(crate) async fn read(
        &self,
        of: &str,
        state: &Value,
        private: &[u8],
        identity: &Value,
    ) -> Decoded {
        let request = wire::read_resource::Request {
            type_name: of.to_owned(),
            current_state: encoded(state),
            private: private.to_vec(),
            current_identity: identified(identity),
            client_capabilities: capabilities(),
            ..wire::read_resource::Request::default()
        };
        let answer =
            self.call::<_, wire::read_resource::Response>("ReadResource", &request).await?;
        let identity = answer.new_identity;
        self.decoded(of, answer.new_state, answer.private, identity, answer.diagnostics)
    }

    pub(crate) async fn plan(
        &self,
        of: &str,
        prior: &Value,
        proposed: &Value,
        config: &Value,
        private: &[u8],
        identity: &Value,
    ) -> Decoded {
        let request = wire::plan_resource_change::Request {
            type_name: of.to_owned(),
            prior_state: encoded(prior),
            proposed_new_state: encoded(proposed),
            config: encoded(config),
            prior_private: private.to_vec(),
            prior_identity: identified(identity),
            client_capabilities: capabilities(),
            ..wire::plan_resource_change::Request::default()
        };
        let answer = self
            .call::<_, wire::plan_resource_change::Response>("PlanResourceChange", &request)
            .await?;
        let replace = answer.requires_replace.iter().filter_map(first_step).collect();
        let (state, identity) = (answer.planned_state, answer.planned_identity);
        let mut planned =
            self.decoded(of, state, answer.planned_private, identity, answer.diagnostics)?;
        planned.replace = replace;
        if let Some(defect) = self.defect {
            defect.in_plan(prior, &mut planned);
        }
        Ok(planned)
    }

    /// Plans the destroy of an object.
    pub(crate) async fn plan_destroy(&self, of: &str, object: &Object) -> Decoded {
        let (Object { value, private, identity, .. }, null) = (object, Value::Null);
        self.plan(of, value, &null, &null, private, identity).await
    }

    pub(crate) async fn apply(
        &self,
        of: &str,
        prior: &Value,
        planned: &Value,
        config: &Value,
        private: &[u8],
        identity: &Value,
    ) -> Decoded {
        let request = wire::apply_resource_change::Request {
            type_name: of.to_owned(),
            prior_state: encoded(prior),
            planned_state: encoded(planned),
            config: encoded(config),
            planned_private: private.to_vec(),
            planned_identity: identified(identity),
            ..wire::apply_resource_change::Request::default()
        };
        let answer = self
            .call::<_, wire::apply_resource_change::Response>("ApplyResourceChange", &request)
            .await?;
        let identity = answer.new_identity;
        let mut applied =
            self.decoded(of, answer.new_state, answer.private, identity, answer.diagnostics)?;
        if let Some(defect) = self.defect {
            defect.in_apply(&mut applied).await;
        }
        Ok(applied)
    }

    /// Imports by an ID, or by an identity if the ID is empty.
    pub(crate) async fn import(&self, of: &str, id: &str, identity: &Value) -> Decoded {
        let request = wire::import_resource_state::Request {
            type_name: of.to_owned(),
            id: id.to_owned(),
            client_capabilities: capabilities(),
            identity: identified(identity),
        };
        let answer = self
            .call::<_, wire::import_resource_state::Response>("ImportResourceState", &request)
            .await?;
        let imported = answer.imported_resources.into_iter().next().unwrap_or_default();
        let (state, identity) = (imported.state, imported.identity);
        self.decoded(of, state, imported.private, identity, answer.diagnostics)
    }

    fn decoded(
        &self,
        of: &str,
        state: Option<wire::DynamicValue>,
        private: Vec<u8>,
        identity: Option<wire::ResourceIdentityData>,
        diagnostics: Vec<wire::Diagnostic>,
    ) -> Decoded {
        let object = resource(of).block().object_type();
        let state = decoded(object, state)?;
        if !conforms(object, &state) {
            return Err(Violation::new(Invariant::CoreAccepts, format!("{of}: not of its type")));
        }
        let identity = decoded(
            &resource(of).identity().object_type(),
            identity.and_then(|it| it.identity_data),
        )?;
        let said = said(diagnostics);
        if let Some(crash) = said.iter().find(|it| it.summary == "The provider crashed") {
            return Err(Violation::new(Invariant::NoPanic, crash.detail.clone()));
        }
        Ok(Answered { state, private, identity, said, replace: Vec::new() })
    }
}

/// The resource of this type.
pub(crate) fn resource(of: &str) -> &'static dyn AnyResource {
    let found = RESOURCES.iter().find(|it| it.type_name() == of);
    *found.expect("a type of the provider")
}

fn encoded(value: &Value) -> Option<wire::DynamicValue> {
    Some(wire::DynamicValue { msgpack: msgpack::encode(value), json: Vec::new() })
}

fn decoded(of: &Type, value: Option<wire::DynamicValue>) -> Result<Value, Violation> {
    let Some(value) = value.filter(|it| !it.msgpack.is_empty()) else { return Ok(Value::Null) };
    msgpack::decode(of, &value.msgpack)
        .map_err(|error| Violation::new(Invariant::CoreAccepts, format!("not a value: {error}")))
}

fn identified(identity: &Value) -> Option<wire::ResourceIdentityData> {
    let data = || wire::ResourceIdentityData { identity_data: encoded(identity) };
    (!identity.is_null()).then(data)
}

fn capabilities() -> Option<wire::ClientCapabilities> {
    Some(wire::ClientCapabilities { deferral_allowed: false, write_only_attributes_allowed: true })
}

fn first_step(path: &wire::AttributePath) -> Option<String> {
    use wire::attribute_path::step::Selector;
    match path.steps.first()?.selector.as_ref()? {
        Selector::AttributeName(name) => Some(name.clone()),
        _ => None,
    }
}

fn said(diagnostics: Vec<wire::Diagnostic>) -> Vec<Said> {
    let said = diagnostics.into_iter().map(|it| Said {
        is_error: it.severity() == Severity::Error,
        has_path: it.attribute.is_some(),
        summary: it.summary,
        detail: it.detail,
    });
    said.collect()
}
