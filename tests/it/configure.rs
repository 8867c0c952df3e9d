//! What is said about the provider block: by validation, and by Configure, which asks CertCentral once.

mod check;
mod cli;
mod secrets;

use certcentral_sim::Sim;
use serde_json::{Value, json};

use crate::host::{Host, dynamic};
use crate::process::tfplugin5 as wire;

/// The arguments that lead to this simulator.
fn arguments(sim: &Sim) -> Value {
    json!({ "api_key": sim.api_key(), "base_url": sim.base_url() })
}

/// Validates a provider block; everything that is said, as `path: summary: detail`.
async fn validate(host: &mut Host<'_>, config: &Value) -> Vec<String> {
    let config = Some(dynamic(config));
    let request = wire::prepare_provider_config::Request { config };
    let answer = host.client.prepare_provider_config(request).await.expect("an answer");
    said(&answer.into_inner().diagnostics)
}

/// Configures the provider; everything that is said, as `path: summary: detail`.
async fn configure(host: &mut Host<'_>, config: &Value) -> Vec<String> {
    let request = wire::configure::Request {
        terraform_version: "1.11.4".to_owned(),
        config: Some(dynamic(config)),
        client_capabilities: None,
    };
    let answer = host.client.configure(request).await.expect("an answer");
    said(&answer.into_inner().diagnostics)
}

fn said(diagnostics: &[wire::Diagnostic]) -> Vec<String> {
    diagnostics.iter().map(|it| format!("{}: {}: {}", place(it), it.summary, it.detail)).collect()
}

/// The argument a message is shown at; nothing for one about the block.
fn place(diagnostic: &wire::Diagnostic) -> &str {
    use wire::attribute_path::step::Selector;
    let step = diagnostic.attribute.iter().flat_map(|path| &path.steps).next();
    match step.and_then(|step| step.selector.as_ref()) {
        Some(Selector::AttributeName(name)) => name,
        _ => "",
    }
}
