//! RPCs about states and identities that another version of this provider, or a fork, has stored.

use super::{Rpc, only_diagnostics};
use crate::kind::AnyResource;
use crate::protocol::{convert, json, tfplugin5 as wire};
use crate::provider::Provider;
use crate::schema::{self, Diagnostic, Value};

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
