//! The Provider service of the protocol. Each RPC is one line here; `rpc` implements it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{mpsc, watch};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

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

impl Service {
    /// A service with this crate's provider, not configured yet.
    pub fn new() -> Self {
        Self::with(Provider::new())
    }

    /// A service with this provider.
    pub fn with(provider: Provider) -> Self {
        Self { provider: Arc::new(provider), writes: watch::Sender::default() }
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

    /// Runs one call to its end, even if the connection breaks.
    async fn call<R: Rpc>(&self, request: R) -> R::Response {
        let start = Instant::now();
        let failure = request.failure();
        let type_name = request.type_name().to_owned();
        tracing::trace!(tf_rpc = R::NAME, tf_resource_type = type_name, "called");
        let provider = Arc::clone(&self.provider);
        let write = R::WRITES.then(|| WriteInProgress::new(&self.writes));
        let work = async move {
            let _write = write;
            request.handle(&provider).await
        };
        let result = tokio::spawn(work).await.unwrap_or_else(|_panic| Err(crashed(R::NAME)));
        tracing::debug!(
            tf_rpc = R::NAME,
            tf_resource_type = type_name,
            tf_req_duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
            diagnostic_error = result.is_err(),
            "returned"
        );
        result.unwrap_or_else(|diagnostic| failure(only(diagnostic)))
    }
}

impl Default for Service {
    fn default() -> Self {
        Self::new()
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

/// The events of a list resource.
type Events = tokio_stream::adapters::Map<
    ReceiverStream<Event>,
    fn(Event) -> Result<wire::list_resource::Event, Status>,
>;

/// The future that each RPC of the service returns.
type RpcFuture<'a, T> = Pin<Box<dyn Future<Output = Result<Response<T>, Status>> + Send + 'a>>;

/// RPCs that are implemented by [`Rpc`].
macro_rules! served_rpcs {
    ($($name:ident($message:ident);)*) => {$(
        fn $name<'service, 'response>(
            &'service self,
            request: Request<wire::$message::Request>,
        ) -> RpcFuture<'response, wire::$message::Response>
        where
            'service: 'response,
            Self: 'response,
        {
            Box::pin(async { Ok(Response::new(self.call(request.into_inner()).await)) })
        }
    )*};
}

/// RPCs of features that this provider does not have.
macro_rules! unimplemented_rpcs {
    ($($name:ident($request:ty) -> $response:ty;)*) => {$(
        fn $name<'service, 'response>(
            &'service self,
            _: Request<$request>,
        ) -> RpcFuture<'response, $response>
        where
            'service: 'response,
            Self: 'response,
        {
            Box::pin(async { Err(Status::unimplemented(concat!(stringify!($name), " is not implemented"))) })
        }
    )*};
}

#[tonic::async_trait]
impl wire::provider_server::Provider for Service {
    served_rpcs! {
        get_schema(get_provider_schema);
        prepare_provider_config(prepare_provider_config);
        configure(configure);
        validate_resource_type_config(validate_resource_type_config);
        upgrade_resource_state(upgrade_resource_state);
        move_resource_state(move_resource_state);
        generate_resource_config(generate_resource_config);
        get_resource_identity_schemas(get_resource_identity_schemas);
        upgrade_resource_identity(upgrade_resource_identity);
        read_resource(read_resource);
        plan_resource_change(plan_resource_change);
        apply_resource_change(apply_resource_change);
        import_resource_state(import_resource_state);
        validate_data_source_config(validate_data_source_config);
        read_data_source(read_data_source);
        validate_list_resource_config(validate_list_resource_config);
    }

    /// Not a task of its own: it ends the waits of the other calls.
    async fn stop(
        &self,
        _: Request<wire::stop::Request>,
    ) -> Result<Response<wire::stop::Response>, Status> {
        self.provider.stop();
        Ok(Response::new(wire::stop::Response::default()))
    }

    type ListResourceStream = Events;

    /// Streams objects while the search continues. A failure is an event, too, because Terraform does not
    /// show the message of a status.
    async fn list_resource(
        &self,
        request: Request<wire::list_resource::Request>,
    ) -> Result<Response<Events>, Status> {
        let provider = Arc::clone(&self.provider);
        let (events, received) = mpsc::channel(1);
        let work = async move {
            let searched = rpc::list::list(request.into_inner(), &provider, events.clone()).await;
            if let Err(diagnostic) = searched {
                let event = Event { diagnostics: diagnostic.into(), ..Event::default() };
                // An error means that the host has disconnected.
                let _ = events.send(event).await;
            }
        };
        tokio::spawn(work);
        let events: fn(Event) -> _ = |event| Ok(rpc::list::event(event));
        Ok(Response::new(ReceiverStream::new(received).map(events)))
    }

    type InvokeActionStream = tokio_stream::Empty<Result<wire::invoke_action::Event, Status>>;

    unimplemented_rpcs! {
        get_metadata(wire::get_metadata::Request) -> wire::get_metadata::Response;
        validate_ephemeral_resource_config(wire::validate_ephemeral_resource_config::Request) -> wire::validate_ephemeral_resource_config::Response;
        open_ephemeral_resource(wire::open_ephemeral_resource::Request) -> wire::open_ephemeral_resource::Response;
        renew_ephemeral_resource(wire::renew_ephemeral_resource::Request) -> wire::renew_ephemeral_resource::Response;
        close_ephemeral_resource(wire::close_ephemeral_resource::Request) -> wire::close_ephemeral_resource::Response;
        get_functions(wire::get_functions::Request) -> wire::get_functions::Response;
        call_function(wire::call_function::Request) -> wire::call_function::Response;
        validate_action_config(wire::validate_action_config::Request) -> wire::validate_action_config::Response;
        plan_action(wire::plan_action::Request) -> wire::plan_action::Response;
        invoke_action(wire::invoke_action::Request) -> Self::InvokeActionStream;
    }
}
