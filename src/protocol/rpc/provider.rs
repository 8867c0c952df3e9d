//! RPCs about the provider itself.

use super::{Rpc, only_diagnostics};
use crate::kind::{AnyResource, Identity, Registry};
use crate::protocol::{convert, tfplugin5 as wire};
use crate::provider::Provider;
use crate::schema::Diagnostic;

impl Rpc for wire::get_provider_schema::Request {
    const NAME: &'static str = "GetProviderSchema";
    type Response = wire::get_provider_schema::Response;

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let Registry { resources, data_sources, lists } = provider.registry();
        let schema = |name: &str, block| (name.to_owned(), convert::schema(block));
        Ok(Self::Response {
            provider: Some(convert::schema(provider.block())),
            resource_schemas: resources
                .iter()
                .map(|it| schema(it.type_name(), it.block()))
                .collect(),
            data_source_schemas: data_sources
                .iter()
                .map(|it| schema(it.type_name(), it.block()))
                .collect(),
            list_resource_schemas: lists
                .iter()
                .map(|it| schema(it.type_name(), it.filter()))
                .collect(),
            server_capabilities: Some(wire::ServerCapabilities {
                // The plan of a destroy warns if the destroy does not delete the object.
                plan_destroy: true,
                get_provider_schema_optional: true,
                move_resource_state: true,
                generate_resource_config: true,
            }),
            ..Self::Response::default()
        })
    }

    only_diagnostics!();
}

impl Rpc for wire::get_resource_identity_schemas::Request {
    const NAME: &'static str = "GetResourceIdentitySchemas";
    type Response = wire::get_resource_identity_schemas::Response;

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let identified =
            provider.registry().resources.iter().filter(|it| it.identity() != Identity::None);
        let schema = |it: &&dyn AnyResource| {
            (it.type_name().to_owned(), convert::identity_schema(it.identity()))
        };
        let identity_schemas = identified.map(schema).collect();
        Ok(Self::Response { identity_schemas, ..Self::Response::default() })
    }

    only_diagnostics!();
}

impl Rpc for wire::prepare_provider_config::Request {
    const NAME: &'static str = "PrepareProviderConfig";
    type Response = wire::prepare_provider_config::Response;

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let of = provider.block().object_type();
        let diagnostics = provider.validate(&convert::value(of, self.config.as_ref())?);
        let diagnostics = convert::diagnostics(diagnostics);
        Ok(Self::Response { prepared_config: self.config, diagnostics })
    }

    fn failure(&self) -> impl FnOnce(Vec<wire::Diagnostic>) -> Self::Response + Send + 'static {
        let prepared_config = self.config.clone();
        |diagnostics| Self::Response { prepared_config, diagnostics }
    }
}

impl Rpc for wire::configure::Request {
    const NAME: &'static str = "Configure";
    type Response = wire::configure::Response;

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let config = convert::value(provider.block().object_type(), self.config.as_ref())?;
        // A debugged process serves many runs. The previous one ends here.
        provider.end_run().await;
        let diagnostics = provider.configure(&config, &self.terraform_version).await;
        Ok(Self::Response { diagnostics: convert::diagnostics(diagnostics) })
    }

    fn failure(&self) -> impl FnOnce(Vec<wire::Diagnostic>) -> Self::Response + Send + 'static {
        |diagnostics| Self::Response { diagnostics }
    }
}
