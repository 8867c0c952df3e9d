//! The program Terraform starts.

use std::process::ExitCode;

use terraform_provider_digicert::{plugin, protocol::service::Service};

fn main() -> ExitCode {
    plugin::run(Service::new)
}
