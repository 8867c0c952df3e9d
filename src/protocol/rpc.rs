//! What the RPCs of the Provider service have in common: a request that is answered, or that failed.

mod data_source;
pub(super) mod list;
mod provider;
mod resource;

use super::{convert, tfplugin5 as wire};
use crate::provider::Provider;
use crate::schema::Diagnostic;

/// A request of the Provider service.
pub(super) trait Rpc: Send + Sized + 'static {
    /// The name of the RPC.
    const NAME: &'static str;
    /// Whether it may change something at CertCentral, so that its answer must be recorded.
    const WRITES: bool = false;
    /// The message that answers it.
    type Answer: Send + 'static;

    /// The type of resource it is about; empty where it is about the provider.
    fn type_name(&self) -> &str {
        ""
    }

    /// Answers the request.
    ///
    /// # Errors
    ///
    /// When it never came to an operation: [`Rpc::failure`] makes the answer then.
    fn answer(
        self,
        provider: &Provider,
    ) -> impl Future<Output = Result<Self::Answer, Diagnostic>> + Send;

    /// Makes the answer of a request that failed, also by a panic: nothing but the diagnostics, and the
    /// state as it was before.
    fn failure(&self) -> impl FnOnce(Vec<wire::Diagnostic>) -> Self::Answer + Send + 'static;
}

/// The answer of a call whose failure is nothing but diagnostics.
macro_rules! only_diagnostics {
    () => {
        fn failure(&self) -> impl FnOnce(Vec<wire::Diagnostic>) -> Self::Answer + Send + 'static {
            |diagnostics| Self::Answer { diagnostics, ..Self::Answer::default() }
        }
    };
}
use only_diagnostics;

/// A diagnostic as the only one of an answer.
pub(super) fn only(diagnostic: Diagnostic) -> Vec<wire::Diagnostic> {
    convert::diagnostics(diagnostic.into())
}
