//! Creates and updates the webhook.
//!
//! <https://dev.digicert.com/certcentral-apis/services-api/webhooks/update-webhook-endpoint.html>

use serde_json::json;

use super::{begin, check_reachable, find};
use crate::call::Call;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::{Checked, Field, Kind, UNLIMITED, check, optional, required};
use crate::world::{Webhook, WebhookSettings, WebhookStatus, World};

const EVENTS: &[&str] = &[
    "certificate_issued",
    "certificate_revoked",
    "order_rejected",
    "organization_validated",
    "organization_expired",
    "organization_revalidation_notice",
    "domain_validated",
    "domain_expired",
    "domain_revalidation_notice",
];

/// Days before an expiry, or after it if negative.
pub(super) const FREQUENCIES: &[i64] = &[90, 60, 30, 7, 0, -7];

const SETTINGS: &[Field] = &[
    optional("webhook_notification_frequency", Kind::SomeOfNumbers(FREQUENCIES)),
    optional("instant_issue_webhook_notification", SWITCH),
    optional("webhook_send_certificate_chain", SWITCH),
    optional("webhook_send_instant_issued_certificate_chain", SWITCH),
];

const SWITCH: Kind = Kind::OneOf(&["1", "0"]);

/// Adds the webhook of the account, which must have none.
pub(in crate::endpoints) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    begin(world, call)?;
    let body = check_body(call, false)?;
    if world.webhooks.values().any(|it| call.sees(it.account_id)) {
        let message = "A webhook is already configured for this account.";
        return Err(Refusal::because("webhook_configured_already", message));
    }
    let id = world.next_id();
    let mut webhook = Webhook::new(id, call.caller.account_id, &body.required_text("endpoint"));
    webhook.events.clone_from(&call.options.webhook_default_events);
    apply(&mut webhook, body);
    world.webhooks.insert(id, webhook);
    Ok(Reply::created(json!({ "webhook_id": id })))
}

/// Changes the webhook. A change of the endpoint requires another challenge and activation.
pub(in crate::endpoints) fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    let webhook = find(world, call)?;
    let body = check_body(call, true)?;
    let endpoint = body.required_text("endpoint");
    if endpoint != webhook.endpoint {
        webhook.endpoint = endpoint;
        webhook.status = WebhookStatus::Pending;
        webhook.is_verified = false;
        webhook.challenge = None;
    }
    if call.options.omitted_webhook_fields_reset {
        webhook.events.clone_from(&call.options.webhook_default_events);
        webhook.settings = WebhookSettings::default();
    }
    apply(webhook, body);
    Ok(Reply::no_content())
}

/// An empty secret removes it in an update.
fn check_body<'a>(call: &'a Call<'_>, may_be_empty: bool) -> Result<Checked<'a>, Refusal> {
    let fields = [
        required("endpoint", Kind::Text(UNLIMITED)),
        optional("secret", Kind::TextFrom { least: 32, may_be_empty }),
        optional("events", Kind::SomeOf(EVENTS)),
        optional("webhook_settings", Kind::Object(SETTINGS)),
    ];
    let body = check(&fields, &call.body)?;
    if body.value("events") == Some(&json!([])) {
        return Err(Refusal::invalid_field("events", "must not be empty"));
    }
    check_endpoint(&body.required_text("endpoint"))?;
    check_reachable(call)?;
    Ok(body)
}

fn check_endpoint(endpoint: &str) -> Result<(), Refusal> {
    let is_host = |it: &str| !it.is_empty() && !it.starts_with(['/', '?', '#', ':']);
    let address = endpoint.strip_prefix("https://").filter(|it| is_host(it));
    if address.is_some_and(|it| !it.contains(char::is_whitespace)) {
        return Ok(());
    }
    let message = "The endpoint must be an address that begins with https://.";
    Err(Refusal::because("webhook_invalid_endpoint", message))
}

/// Changes what is in a request, except for the endpoint.
fn apply(webhook: &mut Webhook, body: Checked<'_>) {
    if let Some(secret) = body.text("secret") {
        webhook.set_secret(Some(secret).filter(|it| !it.is_empty()));
    }
    if body.value("events").is_some() {
        webhook.events = body.texts("events");
    }
    let Some(sent) = body.object("webhook_settings") else { return };
    let settings = &mut webhook.settings;
    if sent.value("webhook_notification_frequency").is_some() {
        settings.webhook_notification_frequency =
            Some(sent.integers("webhook_notification_frequency"));
    }
    for (slot, name) in [
        (&mut settings.instant_issue_webhook_notification, "instant_issue_webhook_notification"),
        (&mut settings.webhook_send_certificate_chain, "webhook_send_certificate_chain"),
        (
            &mut settings.webhook_send_instant_issued_certificate_chain,
            "webhook_send_instant_issued_certificate_chain",
        ),
    ] {
        *slot = sent.flag(name).or(*slot);
    }
}
