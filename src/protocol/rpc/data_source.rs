//! RPCs about data sources.

use super::Rpc;
use crate::kind::{Call, Outcome};
use crate::protocol::{convert, tfplugin5 as wire};
use crate::provider::Provider;
use crate::schema::Diagnostic;

impl Rpc for wire::validate_data_source_config::Request {
    const NAME: &'static str = "ValidateDataSourceConfig";
    type Response = wire::validate_data_source_config::Response;

    fn type_name(&self) -> &str {
        &self.type_name
    }

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let source = provider.data_source(&self.type_name)?;
        let config = convert::value(source.block().object_type(), self.config.as_ref())?;
        let diagnostics = source.validate(&config, !provider.is_configured());
        Ok(Self::Response { diagnostics: convert::diagnostics(diagnostics) })
    }

    fn failure(&self) -> impl FnOnce(Vec<wire::Diagnostic>) -> Self::Response + Send + 'static {
        |diagnostics| Self::Response { diagnostics }
    }
}

impl Rpc for wire::read_data_source::Request {
    const NAME: &'static str = "ReadDataSource";
    type Response = wire::read_data_source::Response;

    fn type_name(&self) -> &str {
        &self.type_name
    }

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let source = provider.data_source(&self.type_name)?;
        let config = convert::value(source.block().object_type(), self.config.as_ref())?;
        let call = Call { config, ..Call::default() };
        let Outcome { state, diagnostics, .. } = source.read(call, provider.environment()).await;
        Ok(Self::Response {
            state: convert::dynamic(&state),
            diagnostics: convert::diagnostics(diagnostics),
            ..Self::Response::default()
        })
    }

    super::only_diagnostics!();
}
