//! The Provider service of the protocol. Each RPC is one line here; `rpc` implements it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use prost::Message;
use prost::bytes::Bytes;
use tokio::sync::{mpsc, watch};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use super::grpc::{self, Call};
use super::rpc::{self, Rpc, only};
use super::tfplugin5 as wire;
use crate::kind::Event;
use crate::provider::Provider;
use crate::schema::Diagnostic;

/// The Provider service.
///
/// Each call runs in a task of its own: a broken connection does not interrupt a write, whose response must
/// be recorded, and a panic becomes a diagnostic that keeps the prior state.
pub struct Service {
    provider: Arc<Provider>,
    /// Number of writes in progress.
    writes: watch::Sender<usize>,
}

/// Starts a call with an encoded request.
pub type Start = fn(&Service, Bytes) -> Call;

/// The RPCs that this provider has.
const RPCS: &[(&str, Start)] = &[
    ("GetSchema", unary::<wire::get_provider_schema::Request>),
    ("PrepareProviderConfig", unary::<wire::prepare_provider_config::Request>),
    ("Configure", unary::<wire::configure::Request>),
    ("ValidateResourceTypeConfig", unary::<wire::validate_resource_type_config::Request>),
    ("UpgradeResourceState", unary::<wire::upgrade_resource_state::Request>),
    ("MoveResourceState", unary::<wire::move_resource_state::Request>),
    ("GenerateResourceConfig", unary::<wire::generate_resource_config::Request>),
    ("GetResourceIdentitySchemas", unary::<wire::get_resource_identity_schemas::Request>),
    ("UpgradeResourceIdentity", unary::<wire::upgrade_resource_identity::Request>),
    ("ReadResource", unary::<wire::read_resource::Request>),
    ("PlanResourceChange", unary::<wire::plan_resource_change::Request>),
    ("ApplyResourceChange", unary::<wire::apply_resource_change::Request>),
    ("ImportResourceState", unary::<wire::import_resource_state::Request>),
    ("ValidateDataSourceConfig", unary::<wire::validate_data_source_config::Request>),
    ("ReadDataSource", unary::<wire::read_data_source::Request>),
    ("ValidateListResourceConfig", unary::<wire::validate_list_resource_config::Request>),
    ("ListResource", Service::list),
    ("Stop", Service::stop),
];

impl Service {
    /// A service with this crate's provider, not configured yet.
    pub fn new() -> Self {
        Self::with(Provider::new())
    }

    /// A service with this provider.
    pub fn with(provider: Provider) -> Self {
        Self { provider: Arc::new(provider), writes: watch::Sender::default() }
    }

    /// How a call of this RPC starts. `None` for an RPC of a feature that this provider does not have.
    pub fn rpc(name: &str) -> Option<Start> {
        RPCS.iter().find(|(rpc, _)| *rpc == name).map(|(_, start)| *start)
    }

    /// Number of writes in progress. Before the process exits, their responses must be recorded.
    pub fn writes_in_progress(&self) -> watch::Receiver<usize> {
        self.writes.subscribe()
    }

    /// A function that cancels all requests to the API that have not been sent yet.
    pub fn cancel_pending(&self) -> impl Fn() + Send + 'static {
        let provider = Arc::clone(&self.provider);
        move || provider.stop()
    }

    /// Ends the run in order: Terraform has received every response.
    pub fn end_run(&self) -> impl Future<Output = ()> + Send + 'static {
        let provider = Arc::clone(&self.provider);
        async move { provider.end_run().await }
    }

    /// Not a task of its own: it ends the waits of the other calls.
    fn stop(&self, _: Bytes) -> Call {
        self.provider.stop();
        let response = wire::stop::Response::default().encode_to_vec();
        Box::pin(async { Ok(grpc::one(response)) })
    }

    /// Streams objects while the search continues. A failure is an event, too, because Terraform does not
    /// show the message of a status.
    fn list(&self, request: Bytes) -> Call {
        let provider = Arc::clone(&self.provider);
        Box::pin(async {
            let request = grpc::decode(request)?;
            let (events, received) = mpsc::channel(1);
            let work = async move {
                let searched = rpc::list::list(request, &provider, events.clone()).await;
                if let Err(diagnostic) = searched {
                    let event = Event { diagnostics: diagnostic.into(), ..Event::default() };
                    // An error means that the host has disconnected.
                    let _ = events.send(event).await;
                }
            };
            tokio::spawn(work);
            Ok(grpc::many(ReceiverStream::new(received).map(rpc::list::event)))
        })
    }
}

impl Default for Service {
    fn default() -> Self {
        Self::new()
    }
}

/// Starts an RPC that is implemented by [`Rpc`].
fn unary<R: Rpc>(service: &Service, request: Bytes) -> Call {
    let request: R = match grpc::decode(request) {
        Ok(request) => request,
        Err(status) => return Box::pin(async { Err(status) }),
    };
    let failure = request.failure();
    let provider = Arc::clone(&service.provider);
    let call = Unary {
        rpc: R::NAME,
        type_name: request.type_name().to_owned(),
        write: R::WRITES.then(|| WriteInProgress::new(&service.writes)),
        failure: Box::new(|diagnostic| failure(only(diagnostic)).encode_to_vec()),
        work: Box::pin(async move { Ok(request.handle(&provider).await?.encode_to_vec()) }),
    };
    Box::pin(async { Ok(grpc::one(call.run().await)) })
}

/// A call of any RPC that is implemented by [`Rpc`].
struct Unary {
    rpc: &'static str,
    type_name: String,
    write: Option<WriteInProgress>,
    /// The encoded response.
    work: Pin<Box<dyn Future<Output = Result<Vec<u8>, Diagnostic>> + Send>>,
    /// The encoded response to a request that failed.
    failure: Box<dyn FnOnce(Diagnostic) -> Vec<u8> + Send>,
}

impl Unary {
    /// Runs the call to its end, even if the connection breaks.
    async fn run(self) -> Vec<u8> {
        let start = Instant::now();
        let Self { rpc, type_name, write, work, failure } = self;
        log::trace!(tf_rpc = rpc, tf_resource_type = type_name; "called");
        let work = async {
            let _write = write;
            work.await
        };
        let result = tokio::spawn(work).await.unwrap_or_else(|_panic| Err(crashed(rpc)));
        log::debug!(
            tf_rpc = rpc,
            tf_resource_type = type_name,
            tf_req_duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
            diagnostic_error = result.is_err();
            "returned"
        );
        result.unwrap_or_else(failure)
    }
}

/// Counts as one write until it is dropped.
struct WriteInProgress(watch::Sender<usize>);

impl WriteInProgress {
    fn new(writes: &watch::Sender<usize>) -> Self {
        writes.send_modify(|count| *count += 1);
        Self(writes.clone())
    }
}

impl Drop for WriteInProgress {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

fn crashed(rpc: &str) -> Diagnostic {
    let detail = format!(
        "{rpc} failed because of a bug in this provider. The state is unchanged. Requests that were sent \
         before the failure may have taken effect; run a refresh. Please report the log lines that start \
         with \"panic:\"."
    );
    Diagnostic::error("The provider crashed", detail)
}
