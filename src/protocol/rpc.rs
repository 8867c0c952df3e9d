//! The RPCs of the Provider service, by the subject of their requests.

mod data_source;
pub(super) mod list;
mod provider;
mod resource;
mod stored;

use prost::Message;

use super::{convert, tfplugin5 as wire};
use crate::provider::Provider;
use crate::schema::Diagnostic;

/// A request of the Provider service, and how it is handled.
pub(super) trait Rpc: Message + Default + 'static {
    /// The name of the RPC.
    const NAME: &'static str;
    /// Whether it may change objects in CertCentral, so that its response must be recorded.
    const WRITES: bool = false;
    /// The response.
    type Response: Message + 'static;

    /// The type of the resource. Empty for a request about the provider.
    fn type_name(&self) -> &str {
        ""
    }

    /// Handles the request.
    ///
    /// # Errors
    ///
    /// When no operation was started. [`Rpc::failure`] creates the response then.
    fn handle(
        self,
        provider: &Provider,
    ) -> impl Future<Output = Result<Self::Response, Diagnostic>> + Send;

    /// Creates the response to a request that failed, or panicked: the diagnostics, and the prior state.
    fn failure(&self) -> impl FnOnce(Vec<wire::Diagnostic>) -> Self::Response + Send + 'static;
}

/// Implements [`Rpc::failure`] for a response that contains only diagnostics.
macro_rules! only_diagnostics {
    () => {
        fn failure(&self) -> impl FnOnce(Vec<wire::Diagnostic>) -> Self::Response + Send + 'static {
            |diagnostics| Self::Response { diagnostics, ..Self::Response::default() }
        }
    };
}
use only_diagnostics;

/// The diagnostics of a response with one diagnostic.
pub(super) fn only(diagnostic: Diagnostic) -> Vec<wire::Diagnostic> {
    convert::diagnostics(diagnostic.into())
}
