//! RPCs about list resources.

use tokio::sync::mpsc;

use super::Rpc;
use crate::kind::{Call, Event, ListOptions};
use crate::protocol::{convert, tfplugin5 as wire};
use crate::provider::Provider;
use crate::schema::Diagnostic;

impl Rpc for wire::validate_list_resource_config::Request {
    const NAME: &'static str = "ValidateListResourceConfig";
    type Response = wire::validate_list_resource_config::Response;

    fn type_name(&self) -> &str {
        &self.type_name
    }

    async fn handle(self, provider: &Provider) -> Result<Self::Response, Diagnostic> {
        let list = provider.list(&self.type_name)?;
        let config = convert::value(list.filter().object_type(), self.config.as_ref())?;
        let diagnostics = list.validate(&config, !provider.is_configured());
        Ok(Self::Response { diagnostics: convert::diagnostics(diagnostics) })
    }

    fn failure(&self) -> impl FnOnce(Vec<wire::Diagnostic>) -> Self::Response + Send + 'static {
        |diagnostics| Self::Response { diagnostics }
    }
}

/// Lists objects until all are found, or until the receiver of the events is dropped.
///
/// # Errors
///
/// When no search was started.
pub(in crate::protocol) async fn list(
    request: wire::list_resource::Request,
    provider: &Provider,
    events: mpsc::Sender<Event>,
) -> Result<(), Diagnostic> {
    let list = provider.list(&request.type_name)?;
    let config = convert::value(list.filter().object_type(), request.config.as_ref())?;
    let options = ListOptions {
        include_object: request.include_resource_object,
        // Zero or less is no limit.
        limit: usize::try_from(request.limit).ok().filter(|it| *it > 0).unwrap_or(usize::MAX),
    };
    let call = Call { config, ..Call::default() };
    list.list(call, options, provider.environment(), events).await;
    Ok(())
}

/// The event as a message.
pub(in crate::protocol) fn event(event: Event) -> wire::list_resource::Event {
    wire::list_resource::Event {
        identity: convert::identity(&event.identity),
        display_name: event.display_name,
        resource_object: convert::dynamic(&event.object).filter(|_| !event.object.is_null()),
        diagnostic: convert::diagnostics(event.diagnostics),
    }
}
