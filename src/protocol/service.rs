//! The provider as the server sees it.

use tokio::sync::watch;
use tonic::{Request, Response, Status};

use super::tfplugin5::{self as wire, get_provider_schema};
use crate::plugin::Writes;

/// Answers Terraform's calls.
#[derive(Default)]
pub struct Service {
    writes: watch::Sender<usize>,
}

impl Writes for Service {
    fn in_flight(&self) -> watch::Receiver<usize> {
        self.writes.subscribe()
    }
}

macro_rules! unserved {
    ($($name:ident: $request:ty => $response:ty,)*) => {
        #[tonic::async_trait]
        impl wire::provider_server::Provider for Service {
            type ListResourceStream =
                tokio_stream::Empty<Result<wire::list_resource::Event, Status>>;
            type InvokeActionStream =
                tokio_stream::Empty<Result<wire::invoke_action::Event, Status>>;

            async fn get_schema(
                &self,
                _: Request<get_provider_schema::Request>,
            ) -> Result<Response<get_provider_schema::Response>, Status> {
                let block = Some(wire::schema::Block::default());
                let provider = Some(wire::Schema { version: 0, block });
                Ok(Response::new(get_provider_schema::Response {
                    provider,
                    ..Default::default()
                }))
            }

            $(
                async fn $name(&self, _: Request<$request>) -> Result<Response<$response>, Status> {
                    Err(Status::unimplemented(stringify!($name)))
                }
            )*
        }
    };
}

unserved! {
    get_metadata: wire::get_metadata::Request => wire::get_metadata::Response,
    prepare_provider_config: wire::prepare_provider_config::Request => wire::prepare_provider_config::Response,
    configure: wire::configure::Request => wire::configure::Response,
    stop: wire::stop::Request => wire::stop::Response,
    validate_resource_type_config: wire::validate_resource_type_config::Request => wire::validate_resource_type_config::Response,
    upgrade_resource_state: wire::upgrade_resource_state::Request => wire::upgrade_resource_state::Response,
    read_resource: wire::read_resource::Request => wire::read_resource::Response,
    plan_resource_change: wire::plan_resource_change::Request => wire::plan_resource_change::Response,
    apply_resource_change: wire::apply_resource_change::Request => wire::apply_resource_change::Response,
    import_resource_state: wire::import_resource_state::Request => wire::import_resource_state::Response,
    move_resource_state: wire::move_resource_state::Request => wire::move_resource_state::Response,
    generate_resource_config: wire::generate_resource_config::Request => wire::generate_resource_config::Response,
    get_resource_identity_schemas: wire::get_resource_identity_schemas::Request => wire::get_resource_identity_schemas::Response,
    upgrade_resource_identity: wire::upgrade_resource_identity::Request => wire::upgrade_resource_identity::Response,
    validate_data_source_config: wire::validate_data_source_config::Request => wire::validate_data_source_config::Response,
    read_data_source: wire::read_data_source::Request => wire::read_data_source::Response,
    validate_ephemeral_resource_config: wire::validate_ephemeral_resource_config::Request => wire::validate_ephemeral_resource_config::Response,
    open_ephemeral_resource: wire::open_ephemeral_resource::Request => wire::open_ephemeral_resource::Response,
    renew_ephemeral_resource: wire::renew_ephemeral_resource::Request => wire::renew_ephemeral_resource::Response,
    close_ephemeral_resource: wire::close_ephemeral_resource::Request => wire::close_ephemeral_resource::Response,
    get_functions: wire::get_functions::Request => wire::get_functions::Response,
    call_function: wire::call_function::Request => wire::call_function::Response,
    validate_list_resource_config: wire::validate_list_resource_config::Request => wire::validate_list_resource_config::Response,
    list_resource: wire::list_resource::Request => Self::ListResourceStream,
    validate_action_config: wire::validate_action_config::Request => wire::validate_action_config::Response,
    plan_action: wire::plan_action::Request => wire::plan_action::Response,
    invoke_action: wire::invoke_action::Request => Self::InvokeActionStream,
}
