//! RPCs about resources.

use super::{Rpc, only_diagnostics};
use crate::kind::{AnyResource, Call, Outcome};
use crate::protocol::{convert, tfplugin5 as wire};
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

impl Rpc for wire::generate_resource_config::Request {
    const NAME: &'static str = "GenerateResourceConfig";
    type Response = wire::generate_resource_config::Response;

    fn type_name(&self) -> &str {
        &self.type_name
    }

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let resource = provider.resource(&self.type_name)?;
        let state = value(resource, self.state.as_ref())?;
        let config = schema::configuration(resource.block(), &state);
        Ok(Self::Response { config: convert::dynamic(&config), ..Self::Response::default() })
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
        let identity =
            convert::identity_value(resource.identity(), self.current_identity.as_ref())?;
        let call = Call { prior, private: self.private, identity, ..Call::default() };
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
            identity: convert::identity_value(resource.identity(), self.planned_identity.as_ref())?,
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
