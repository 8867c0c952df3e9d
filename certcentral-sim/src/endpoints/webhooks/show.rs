//! Webhooks in responses.

use serde_json::{Value, json};

use super::write::FREQUENCIES;
use crate::options::Options;
use crate::world::{Webhook, WebhookSettings};

/// A row of the list, which has the secret.
pub(super) fn full(options: &Options, it: &Webhook) -> Value {
    json!({
        "id": it.id,
        "endpoint": it.endpoint,
        "secret": it.secret(),
        "events": it.events,
        "status": it.status,
        "webhook_settings": settings(options, &it.settings),
    })
}

/// The settings; `None` if there are none.
fn settings(options: &Options, it: &WebhookSettings) -> Option<Value> {
    let defaults = options.webhook_settings_have_defaults;
    let switch = |it: Option<bool>| {
        let on = it.or_else(|| defaults.then_some(false))?;
        Some(if on { "1" } else { "0" })
    };
    let frequency = it.webhook_notification_frequency.clone();
    let frequency = frequency.or_else(|| defaults.then(|| FREQUENCIES.to_vec()));
    let shown = json!({
        "webhook_notification_frequency": frequency,
        "instant_issue_webhook_notification": switch(it.instant_issue_webhook_notification),
        "webhook_send_certificate_chain": switch(it.webhook_send_certificate_chain),
        "webhook_send_instant_issued_certificate_chain":
            switch(it.webhook_send_instant_issued_certificate_chain),
    });
    let is_set = shown.as_object().is_some_and(|it| it.values().any(|it| !it.is_null()));
    is_set.then_some(shown)
}
