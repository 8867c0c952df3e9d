//! The webhook of an account: `/webhook`. There is no deletion.
//!
//! <https://dev.digicert.com/certcentral-apis/services-api/webhooks/create-webhook.html>

mod actions;
mod show;
mod write;

pub(super) use actions::{activate, check_challenge, deactivate, send_challenge};
pub(super) use write::{create, update};

use serde_json::{Value, json};

use crate::call::Call;
use crate::permissions::check_administrator;
use crate::reply::{Outcome, Refusal, Reply};
use crate::world::{Webhook, World};

/// Lists the webhook of the account, with its secret.
pub(super) fn list(world: &mut World, call: &Call<'_>) -> Outcome {
    begin(world, call)?;
    let mine = world.webhooks.values().filter(|it| call.sees(it.account_id));
    let shown: Vec<Value> = mine.map(|it| show::full(call.options, it)).collect();
    Ok(Reply::ok(json!({ "webhooks": shown })))
}

/// Refuses a request whose sender may not use webhooks.
fn begin(world: &World, call: &Call<'_>) -> Result<(), Refusal> {
    call.query.allow(&[])?;
    check_administrator(world, call)?;
    if call.options.webhooks_enabled {
        return Ok(());
    }
    Err(Refusal::missing_permission("Webhooks are not enabled for this account."))
}

/// The webhook in the path.
fn find<'a>(world: &'a mut World, call: &Call<'_>) -> Result<&'a mut Webhook, Refusal> {
    begin(world, call)?;
    let id = call.id()?;
    let found = world.webhooks.get_mut(&id).filter(|it| call.sees(it.account_id));
    found.ok_or_else(|| call.missing("webhook"))
}

/// Refuses a request that CertCentral performs only if it reaches the endpoint.
fn check_reachable(call: &Call<'_>) -> Result<(), Refusal> {
    if !call.options.webhook_endpoint_unreachable {
        return Ok(());
    }
    let message = "The endpoint did not respond.";
    Err(Refusal::because("webhook_endpoint_error", message))
}
