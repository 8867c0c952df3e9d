//! The RPCs of the Provider service: messages in, values to the engine, messages out.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::watch;
use tonic::{Request, Response, Status};

use super::tfplugin5 as wire;
use super::{convert, json};
use crate::provider::Provider;
use crate::resource::{Context, Outcome};
use crate::schema::{Diagnostic, Diagnostics, Value};

/// Answers Terraform's calls.
///
/// Each runs in a task of its own. So a connection that breaks does not cut off a write whose answer
/// must be recorded, and a panic becomes a diagnostic that leaves the prior state as it was.
pub struct Service {
    provider: Arc<Provider>,
    writes: watch::Sender<usize>,
}

impl Service {
    /// A service that has not been configured yet.
    pub fn new() -> Self {
        Self { provider: Arc::new(Provider::new()), writes: watch::Sender::default() }
    }

    /// Runs one call to its end, whatever becomes of the connection.
    async fn run<T: Send + 'static>(
        &self,
        rpc: &'static str,
        type_name: &str,
        work: impl Future<Output = Result<T, Diagnostic>> + Send + 'static,
    ) -> Result<T, Diagnostic> {
        let start = Instant::now();
        let result = tokio::spawn(work).await.unwrap_or_else(|_panic| Err(crashed(rpc)));
        tracing::debug!(
            tf_rpc = rpc,
            tf_resource_type = type_name,
            tf_req_duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
            diagnostic_error = result.is_err(),
            "answered"
        );
        result
    }

    fn context(&self, private: &[u8]) -> Context {
        Context::new(self.provider.session(), self.provider.journal(), private)
    }
}

impl Default for Service {
    fn default() -> Self {
        Self::new()
    }
}

impl super::Work for Service {
    fn writes_in_flight(&self) -> watch::Receiver<usize> {
        self.writes.subscribe()
    }

    fn abandon(&self) -> impl Fn() + Send + 'static {
        let provider = Arc::clone(&self.provider);
        move || provider.stop()
    }
}

/// Counts a write for as long as it lives.
struct InFlight(watch::Sender<usize>);

impl InFlight {
    fn new(writes: &watch::Sender<usize>) -> Self {
        writes.send_modify(|count| *count += 1);
        Self(writes.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

fn crashed(rpc: &str) -> Diagnostic {
    let detail = format!(
        "{rpc} met a bug of this provider and did not finish. The state is left as it was before; what \
         was sent to CertCentral until then may have had its effect, which the next refresh shows. \
         Please report the lines that start with \"panic:\"."
    );
    Diagnostic::error("The provider crashed", detail)
}

/// The value and messages of a call, or its failure as messages alone.
fn parts<T>(result: Result<(T, Diagnostics), Diagnostic>) -> (Option<T>, Vec<wire::Diagnostic>) {
    match result {
        Ok((value, diagnostics)) => (Some(value), convert::diagnostics(diagnostics)),
        Err(diagnostic) => (None, convert::diagnostics(diagnostic.into())),
    }
}

/// The RPCs this provider has nothing to offer at.
macro_rules! unserved {
    ($($name:ident($request:ty) -> $response:ty;)*) => {$(
        fn $name<'service, 'answer>(
            &'service self,
            _: Request<$request>,
        ) -> Pin<Box<dyn Future<Output = Result<Response<$response>, Status>> + Send + 'answer>>
        where
            'service: 'answer,
            Self: 'answer,
        {
            Box::pin(async { Err(Status::unimplemented(concat!(stringify!($name), " is not served"))) })
        }
    )*};
}

#[tonic::async_trait]
impl wire::provider_server::Provider for Service {
    async fn get_schema(
        &self,
        _: Request<wire::get_provider_schema::Request>,
    ) -> Result<Response<wire::get_provider_schema::Response>, Status> {
        let schemas = self
            .provider
            .resources()
            .map(|resource| (resource.type_name().to_owned(), convert::schema(resource.block())));
        Ok(Response::new(wire::get_provider_schema::Response {
            provider: Some(convert::schema(self.provider.block())),
            resource_schemas: schemas.collect::<HashMap<_, _>>(),
            server_capabilities: Some(wire::ServerCapabilities {
                // A destroy that leaves something behind says so in its plan.
                plan_destroy: true,
                get_provider_schema_optional: true,
                ..wire::ServerCapabilities::default()
            }),
            ..wire::get_provider_schema::Response::default()
        }))
    }

    async fn prepare_provider_config(
        &self,
        request: Request<wire::prepare_provider_config::Request>,
    ) -> Result<Response<wire::prepare_provider_config::Response>, Status> {
        let request = request.into_inner();
        let (provider, config) = (Arc::clone(&self.provider), request.config.clone());
        let validated = self.run("PrepareProviderConfig", "", async move {
            let config = convert::value(&provider.block().object_type(), config.as_ref())?;
            Ok(((), provider.validate(&config)))
        });
        let (_, diagnostics) = parts(validated.await);
        let prepared_config = request.config;
        Ok(Response::new(wire::prepare_provider_config::Response { prepared_config, diagnostics }))
    }

    async fn configure(
        &self,
        request: Request<wire::configure::Request>,
    ) -> Result<Response<wire::configure::Response>, Status> {
        let (provider, request) = (Arc::clone(&self.provider), request.into_inner());
        let configured = self.run("Configure", "", async move {
            let of = provider.block().object_type();
            let config = convert::value(&of, request.config.as_ref())?;
            Ok(((), provider.configure(&config, &request.terraform_version).await))
        });
        let (_, diagnostics) = parts(configured.await);
        Ok(Response::new(wire::configure::Response { diagnostics }))
    }

    async fn stop(
        &self,
        _: Request<wire::stop::Request>,
    ) -> Result<Response<wire::stop::Response>, Status> {
        self.provider.stop();
        Ok(Response::new(wire::stop::Response::default()))
    }

    async fn validate_resource_type_config(
        &self,
        request: Request<wire::validate_resource_type_config::Request>,
    ) -> Result<Response<wire::validate_resource_type_config::Response>, Status> {
        let (provider, request) = (Arc::clone(&self.provider), request.into_inner());
        let type_name = request.type_name.clone();
        let validated = self.run("ValidateResourceTypeConfig", &type_name, async move {
            let resource = provider.resource(&request.type_name)?;
            let of = resource.object_type();
            let config = convert::value(of, request.config.as_ref())?;
            Ok(((), resource.validate(&config)))
        });
        let (_, diagnostics) = parts(validated.await);
        Ok(Response::new(wire::validate_resource_type_config::Response { diagnostics }))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<wire::upgrade_resource_state::Request>,
    ) -> Result<Response<wire::upgrade_resource_state::Response>, Status> {
        let (provider, request) = (Arc::clone(&self.provider), request.into_inner());
        let type_name = request.type_name.clone();
        let upgraded = self.run("UpgradeResourceState", &type_name, async move {
            let resource = provider.resource(&request.type_name)?;
            let raw = stored_state(request.version, request.raw_state)?;
            let state = json::decode(resource.object_type(), &raw).map_err(|error| {
                let detail =
                    format!("The stored state of a {} cannot be read: {error}.", request.type_name);
                Diagnostic::error("Unreadable state", detail)
            })?;
            Ok((state, Diagnostics::default()))
        });
        let (state, diagnostics) = parts(upgraded.await);
        let upgraded_state = state.as_ref().and_then(convert::dynamic);
        Ok(Response::new(wire::upgrade_resource_state::Response { upgraded_state, diagnostics }))
    }

    async fn read_resource(
        &self,
        request: Request<wire::read_resource::Request>,
    ) -> Result<Response<wire::read_resource::Response>, Status> {
        let (provider, request) = (Arc::clone(&self.provider), request.into_inner());
        let (state, private) = (request.current_state.clone(), request.private.clone());
        let cx = self.context(&request.private);
        let type_name = request.type_name.clone();
        let read = self.run("ReadResource", &type_name, async move {
            let resource = provider.resource(&request.type_name)?;
            let of = resource.object_type();
            let prior = convert::value(of, request.current_state.as_ref())?;
            Ok(resource.read(prior, cx).await)
        });
        let (state, private, diagnostics) = kept(read.await, state, private);
        Ok(Response::new(wire::read_resource::Response {
            new_state: state,
            private,
            diagnostics,
            ..wire::read_resource::Response::default()
        }))
    }

    async fn plan_resource_change(
        &self,
        request: Request<wire::plan_resource_change::Request>,
    ) -> Result<Response<wire::plan_resource_change::Response>, Status> {
        let (provider, request) = (Arc::clone(&self.provider), request.into_inner());
        let planned_private = request.prior_private.clone();
        let type_name = request.type_name.clone();
        let planned = self.run("PlanResourceChange", &type_name, async move {
            let resource = provider.resource(&request.type_name)?;
            let of = resource.object_type();
            let prior = convert::value(of, request.prior_state.as_ref())?;
            let config = convert::value(of, request.config.as_ref())?;
            let mut plan = resource.plan(&prior, &config, &request.prior_private);
            plan.diagnostics.extend(resource.settle(&prior, provider.journal().as_ref()));
            Ok(((plan.planned, plan.replace), plan.diagnostics))
        });
        let (planned, diagnostics) = parts(planned.await);
        let (state, replace) = planned.unwrap_or((Value::Null, Vec::new()));
        Ok(Response::new(wire::plan_resource_change::Response {
            planned_state: convert::dynamic(&state),
            requires_replace: replace.iter().map(convert::path).collect(),
            planned_private,
            diagnostics,
            ..wire::plan_resource_change::Response::default()
        }))
    }

    async fn apply_resource_change(
        &self,
        request: Request<wire::apply_resource_change::Request>,
    ) -> Result<Response<wire::apply_resource_change::Response>, Status> {
        let (provider, request) = (Arc::clone(&self.provider), request.into_inner());
        let (state, private) = (request.prior_state.clone(), request.planned_private.clone());
        let cx = self.context(&request.planned_private);
        let in_flight = InFlight::new(&self.writes);
        let type_name = request.type_name.clone();
        let applied = self.run("ApplyResourceChange", &type_name, async move {
            let _in_flight = in_flight;
            let resource = provider.resource(&request.type_name)?;
            let of = resource.object_type();
            let prior = convert::value(of, request.prior_state.as_ref())?;
            let planned = convert::value(of, request.planned_state.as_ref())?;
            Ok(resource.apply(prior, planned, cx).await)
        });
        let (state, private, diagnostics) = kept(applied.await, state, private);
        Ok(Response::new(wire::apply_resource_change::Response {
            new_state: state,
            private,
            diagnostics,
            ..wire::apply_resource_change::Response::default()
        }))
    }

    async fn import_resource_state(
        &self,
        request: Request<wire::import_resource_state::Request>,
    ) -> Result<Response<wire::import_resource_state::Response>, Status> {
        let (provider, request) = (Arc::clone(&self.provider), request.into_inner());
        let cx = self.context(&[]);
        let type_name = request.type_name.clone();
        let imported = self.run("ImportResourceState", &type_name, async move {
            let resource = provider.resource(&request.type_name)?;
            Ok(resource.import(request.id, cx).await)
        });
        let (state, private, diagnostics) = kept(imported.await, None, Vec::new());
        let imported = state.map(|state| wire::import_resource_state::ImportedResource {
            type_name,
            state: Some(state),
            private,
            ..wire::import_resource_state::ImportedResource::default()
        });
        Ok(Response::new(wire::import_resource_state::Response {
            imported_resources: imported.into_iter().collect(),
            diagnostics,
            ..wire::import_resource_state::Response::default()
        }))
    }

    type ListResourceStream = tokio_stream::Empty<Result<wire::list_resource::Event, Status>>;
    type InvokeActionStream = tokio_stream::Empty<Result<wire::invoke_action::Event, Status>>;

    unserved! {
        get_metadata(wire::get_metadata::Request) -> wire::get_metadata::Response;
        move_resource_state(wire::move_resource_state::Request) -> wire::move_resource_state::Response;
        generate_resource_config(wire::generate_resource_config::Request) -> wire::generate_resource_config::Response;
        get_resource_identity_schemas(wire::get_resource_identity_schemas::Request) -> wire::get_resource_identity_schemas::Response;
        upgrade_resource_identity(wire::upgrade_resource_identity::Request) -> wire::upgrade_resource_identity::Response;
        validate_data_source_config(wire::validate_data_source_config::Request) -> wire::validate_data_source_config::Response;
        read_data_source(wire::read_data_source::Request) -> wire::read_data_source::Response;
        validate_ephemeral_resource_config(wire::validate_ephemeral_resource_config::Request) -> wire::validate_ephemeral_resource_config::Response;
        open_ephemeral_resource(wire::open_ephemeral_resource::Request) -> wire::open_ephemeral_resource::Response;
        renew_ephemeral_resource(wire::renew_ephemeral_resource::Request) -> wire::renew_ephemeral_resource::Response;
        close_ephemeral_resource(wire::close_ephemeral_resource::Request) -> wire::close_ephemeral_resource::Response;
        get_functions(wire::get_functions::Request) -> wire::get_functions::Response;
        call_function(wire::call_function::Request) -> wire::call_function::Response;
        validate_list_resource_config(wire::validate_list_resource_config::Request) -> wire::validate_list_resource_config::Response;
        list_resource(wire::list_resource::Request) -> Self::ListResourceStream;
        validate_action_config(wire::validate_action_config::Request) -> wire::validate_action_config::Response;
        plan_action(wire::plan_action::Request) -> wire::plan_action::Response;
        invoke_action(wire::invoke_action::Request) -> Self::InvokeActionStream;
    }
}

/// State, private data and messages of an operation; what there was before, if it never came to one.
///
/// Core takes an absent state for "the object is gone", so the old one is sent back as it came.
fn kept(
    result: Result<Outcome, Diagnostic>,
    state: Option<wire::DynamicValue>,
    private: Vec<u8>,
) -> (Option<wire::DynamicValue>, Vec<u8>, Vec<wire::Diagnostic>) {
    match result {
        Ok(outcome) => {
            let state = convert::dynamic(&outcome.state);
            (state, outcome.private, convert::diagnostics(outcome.diagnostics))
        }
        Err(diagnostic) => (state, private, convert::diagnostics(diagnostic.into())),
    }
}

/// The JSON of a stored state of the version this provider writes, which is the first.
fn stored_state(version: i64, raw: Option<wire::RawState>) -> Result<Vec<u8>, Diagnostic> {
    let raw = raw.unwrap_or_default();
    let problem = if version != 0 {
        format!(
            "it has schema version {version}, and this version of the provider knows version 0. Use the \
             version of the provider that wrote it, or a later one"
        )
    } else if raw.json.is_empty() {
        "it is in the format of Terraform 0.11. Run an apply with Terraform 0.12 first".to_owned()
    } else {
        return Ok(raw.json);
    };
    Err(Diagnostic::error(
        "Unreadable state",
        format!("The stored state cannot be used: {problem}."),
    ))
}
