//! The challenge of a webhook, and its activation.
//!
//! <https://dev.digicert.com/certcentral-apis/services-api/webhooks/send-challenge-token.html>

use super::{check_reachable, find};
use crate::call::Call;
use crate::key;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::{Field, Kind, UNLIMITED, check, required};
use crate::world::{Challenge, WebhookStatus, World};

const TOKEN: &[Field] = &[required("token", Kind::Text(UNLIMITED))];

/// Makes another token, which CertCentral would send to the endpoint.
pub(in crate::endpoints) fn send_challenge(world: &mut World, call: &Call<'_>) -> Outcome {
    let sent = world.now();
    let webhook = find(world, call)?;
    call.check_no_body()?;
    check_reachable(call)?;
    webhook.challenge = Some(Challenge { token: key::make(), sent });
    Ok(Reply::no_content())
}

/// Takes the token that the endpoint received. The webhook must be activated afterwards.
pub(in crate::endpoints) fn check_challenge(world: &mut World, call: &Call<'_>) -> Outcome {
    let now = world.now();
    let webhook = find(world, call)?;
    let token = check(TOKEN, &call.body)?.required_text("token");
    if !webhook.challenge.as_ref().is_some_and(|it| it.is_answered_by(&token, now)) {
        let message = "The token is not valid.";
        return Err(Refusal::because("webhook_invalid_token", message));
    }
    webhook.challenge = None;
    webhook.is_verified = true;
    Ok(Reply::no_content())
}

/// Activates a webhook whose endpoint has answered a challenge.
pub(in crate::endpoints) fn activate(world: &mut World, call: &Call<'_>) -> Outcome {
    let webhook = find(world, call)?;
    call.check_no_body()?;
    let is_repeated = webhook.status == WebhookStatus::Active;
    if !webhook.is_verified || (is_repeated && !call.options.webhook_actions_repeatable) {
        return Err(invalid_action());
    }
    webhook.status = WebhookStatus::Active;
    Ok(Reply::no_content())
}

/// Deactivates a webhook. A pending one is refused unless the options say otherwise.
pub(in crate::endpoints) fn deactivate(world: &mut World, call: &Call<'_>) -> Outcome {
    let webhook = find(world, call)?;
    call.check_no_body()?;
    let is_allowed = match webhook.status {
        WebhookStatus::Pending => call.options.pending_webhook_can_be_deactivated,
        WebhookStatus::Active => true,
        WebhookStatus::Inactive => call.options.webhook_actions_repeatable,
    };
    if !is_allowed {
        return Err(invalid_action());
    }
    webhook.status = WebhookStatus::Inactive;
    Ok(Reply::no_content())
}

fn invalid_action() -> Refusal {
    let message = "The webhook is not in a status that allows this.";
    Refusal::because("webhook_invalid_action", message)
}
