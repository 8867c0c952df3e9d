//! RPCs about resources.

use super::{Rpc, only_diagnostics};
use crate::kind::{AnyResource, Call, Outcome};
use crate::protocol::{convert, json, tfplugin5 as wire};
use crate::provider::Provider;
use crate::schema::{self, Diagnostic, Value};

impl Rpc for wire::validate_resource_type_config::Request {
    const NAME: &'static str = "ValidateResourceTypeConfig";
    type Response = wire::validate_resource_type_config::Response;

    fn type_name(&self) -> &str {
        &self.type_name
    }

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let resource = provider.resource(&self.type_name)?;
        let config = value(resource, self.config.as_ref())?;
        let mut diagnostics = resource.validate(&config, !provider.is_configured());
        if !self.client_capabilities.is_some_and(|it| it.write_only_attributes_allowed) {
            diagnostics.extend(schema::refuse_write_only(resource.block(), &config));
        }
        Ok(Self::Response { diagnostics: convert::diagnostics(diagnostics) })
    }

    fn failure(&self) -> impl FnOnce(Vec<wire::Diagnostic>) -> Self::Response + Send + 'static {
        |diagnostics| Self::Response { diagnostics }
    }
}

impl Rpc for wire::upgrade_resource_state::Request {
    const NAME: &'static str = "UpgradeResourceState";
    type Response = wire::upgrade_resource_state::Response;

    fn type_name(&self) -> &str {
        &self.type_name
    }

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let resource = provider.resource(&self.type_name)?;
        let state = stored_state(resource, self.version, self.raw_state)?;
        Ok(Self::Response { upgraded_state: convert::dynamic(&state), ..Self::Response::default() })
    }

    only_diagnostics!();
}

impl Rpc for wire::move_resource_state::Request {
    const NAME: &'static str = "MoveResourceState";
    type Response = wire::move_resource_state::Response;

    fn type_name(&self) -> &str {
        &self.target_type_name
    }

    /// Moves a state between forks and mirrors of this provider. The type must be the same.
    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        if self.source_type_name != self.target_type_name {
            return Err(unsupported_move(&self));
        }
        let resource = provider.resource(&self.target_type_name)?;
        let state = stored_state(resource, self.source_schema_version, self.source_state)?;
        Ok(Self::Response {
            target_identity: convert::identity(&match self.source_identity {
                Some(raw) => stored_identity(resource, self.source_identity_schema_version, raw)?,
                None => resource.identify(&state, &self.source_private, provider.environment()),
            }),
            target_state: convert::dynamic(&state),
            target_private: self.source_private,
            ..Self::Response::default()
        })
    }

    only_diagnostics!();
}

impl Rpc for wire::upgrade_resource_identity::Request {
    const NAME: &'static str = "UpgradeResourceIdentity";
    type Response = wire::upgrade_resource_identity::Response;

    fn type_name(&self) -> &str {
        &self.type_name
    }

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let resource = provider.resource(&self.type_name)?;
        let identity =
            stored_identity(resource, self.version, self.raw_identity.unwrap_or_default())?;
        let upgraded_identity = convert::identity(&identity);
        Ok(Self::Response { upgraded_identity, ..Self::Response::default() })
    }

    only_diagnostics!();
}

impl Rpc for wire::read_resource::Request {
    const NAME: &'static str = "ReadResource";
    type Response = wire::read_resource::Response;

    fn type_name(&self) -> &str {
        &self.type_name
    }

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let resource = provider.resource(&self.type_name)?;
        let prior = value(resource, self.current_state.as_ref())?;
        let call = Call { prior, private: self.private, ..Call::default() };
        let Outcome { state, private, identity, diagnostics, .. } =
            resource.read(call, provider.environment()).await;
        Ok(Self::Response {
            new_state: convert::dynamic(&state),
            new_identity: convert::identity(&identity),
            private,
            diagnostics: convert::diagnostics(diagnostics),
            ..Self::Response::default()
        })
    }

    /// To Terraform a missing state means that the object was deleted. So the prior state is returned.
    fn failure(&self) -> impl FnOnce(Vec<wire::Diagnostic>) -> Self::Response + Send + 'static {
        let (new_state, private) = (self.current_state.clone(), self.private.clone());
        let new_identity = self.current_identity.clone();
        |diagnostics| Self::Response {
            new_state,
            new_identity,
            private,
            diagnostics,
            ..Self::Response::default()
        }
    }
}

impl Rpc for wire::plan_resource_change::Request {
    const NAME: &'static str = "PlanResourceChange";
    type Response = wire::plan_resource_change::Response;

    fn type_name(&self) -> &str {
        &self.type_name
    }

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let resource = provider.resource(&self.type_name)?;
        let prior = value(resource, self.prior_state.as_ref())?;
        let config = value(resource, self.config.as_ref())?;
        let identity = convert::identity_value(resource.identity(), self.prior_identity.as_ref())?;
        let private = self.prior_private;
        let call = Call { prior, config, private, identity, ..Call::default() };
        let Outcome { state, private, identity, replace, diagnostics } =
            resource.plan(call, provider.environment()).await;
        Ok(Self::Response {
            planned_state: convert::dynamic(&state),
            planned_identity: convert::identity(&identity),
            requires_replace: replace.iter().map(convert::path).collect(),
            planned_private: private,
            diagnostics: convert::diagnostics(diagnostics),
            ..Self::Response::default()
        })
    }

    only_diagnostics!();
}

impl Rpc for wire::apply_resource_change::Request {
    const NAME: &'static str = "ApplyResourceChange";
    const WRITES: bool = true;
    type Response = wire::apply_resource_change::Response;

    fn type_name(&self) -> &str {
        &self.type_name
    }

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let resource = provider.resource(&self.type_name)?;
        let call = Call {
            prior: value(resource, self.prior_state.as_ref())?,
            planned: value(resource, self.planned_state.as_ref())?,
            config: value(resource, self.config.as_ref())?,
            private: self.planned_private,
            ..Call::default()
        };
        let Outcome { state, private, identity, diagnostics, .. } =
            resource.apply(call, provider.environment()).await;
        Ok(Self::Response {
            new_state: convert::dynamic(&state),
            new_identity: convert::identity(&identity),
            private,
            diagnostics: convert::diagnostics(diagnostics),
            ..Self::Response::default()
        })
    }

    /// The prior state is returned, as after a read.
    fn failure(&self) -> impl FnOnce(Vec<wire::Diagnostic>) -> Self::Response + Send + 'static {
        let (new_state, private) = (self.prior_state.clone(), self.planned_private.clone());
        let new_identity = self.planned_identity.clone();
        |diagnostics| Self::Response {
            new_state,
            new_identity,
            private,
            diagnostics,
            ..Self::Response::default()
        }
    }
}

impl Rpc for wire::import_resource_state::Request {
    const NAME: &'static str = "ImportResourceState";
    type Response = wire::import_resource_state::Response;

    fn type_name(&self) -> &str {
        &self.type_name
    }

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let resource = provider.resource(&self.type_name)?;
        let identity = convert::identity_value(resource.identity(), self.identity.as_ref())?;
        let Outcome { state, private, identity, diagnostics, .. } =
            resource.import(self.id, identity, provider.environment()).await;
        let imported = wire::import_resource_state::ImportedResource {
            type_name: self.type_name,
            state: convert::dynamic(&state),
            private,
            identity: convert::identity(&identity),
        };
        Ok(Self::Response {
            imported_resources: vec![imported],
            diagnostics: convert::diagnostics(diagnostics),
            ..Self::Response::default()
        })
    }

    only_diagnostics!();
}

/// The value in a message, of the type of this resource.
fn value(
    resource: &dyn AnyResource,
    value: Option<&wire::DynamicValue>,
) -> Result<Value, Diagnostic> {
    Ok(convert::value(resource.block().object_type(), value)?)
}

/// A stored state of schema version 0, the only one so far.
fn stored_state(
    resource: &dyn AnyResource,
    version: i64,
    raw: Option<wire::RawState>,
) -> Result<Value, Diagnostic> {
    let unreadable = |problem: String| {
        let detail =
            format!("The stored state of a {} cannot be read: {problem}.", resource.type_name());
        Diagnostic::error("Unreadable state", detail)
    };
    let raw = raw.unwrap_or_default();
    if version != 0 {
        return Err(unreadable(format!(
            "it has schema version {version}, but this version of the provider supports version 0. Upgrade \
             the provider"
        )));
    }
    if raw.json.is_empty() {
        let problem = "it has the format of Terraform 0.11. Run an apply with Terraform 0.12 first";
        return Err(unreadable(problem.to_owned()));
    }
    let mut state = json::decode(resource.block().object_type(), &raw.json)
        .map_err(|error| unreadable(error.to_string()))?;
    schema::remove_write_only(resource.block(), &mut state);
    Ok(state)
}

/// A stored identity of version 0, the only one so far.
fn stored_identity(
    resource: &dyn AnyResource,
    version: i64,
    raw: wire::RawState,
) -> Result<Value, Diagnostic> {
    let unreadable = |problem: String| {
        let detail =
            format!("The stored identity of a {} cannot be read: {problem}.", resource.type_name());
        Diagnostic::error("Unreadable identity", detail)
    };
    if version != 0 {
        return Err(unreadable(format!(
            "it has version {version}, but this version of the provider supports version 0. Upgrade the provider"
        )));
    }
    json::decode(&resource.identity().object_type(), &raw.json)
        .map_err(|error| unreadable(error.to_string()))
}

fn unsupported_move(request: &wire::move_resource_state::Request) -> Diagnostic {
    let detail = format!(
        "The state of a {1} of {2} cannot become the state of a {0}: a `moved` block must keep the resource \
         type. Remove the old resource from the state and import the object at the new address.",
        request.target_type_name, request.source_type_name, request.source_provider_address
    );
    Diagnostic::error("Unsupported move", detail)
}
