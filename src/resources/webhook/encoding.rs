//! Requests and responses of the API about a webhook.

use serde_json::{Map, json};

use crate::certcentral::text_of;
use crate::schema::Json;

use super::{Webhook, settings};

/// A response with the names of the attributes. `active` follows from the status, and is missing if the status
/// does not decide.
pub(super) fn as_attributes(mut row: Json) -> Json {
    let settings = settings::as_attributes(row.get("webhook_settings"));
    let active = is_active(&row);
    if let Some(fields) = row.as_object_mut() {
        fields.insert("settings".into(), settings);
        fields.insert("active".into(), json!(active));
    }
    row
}

/// Whether a webhook in a response is active or inactive; `None` if it is pending.
pub(super) fn is_active(row: &Json) -> Option<bool> {
    match status(row) {
        ACTIVE => Some(true),
        INACTIVE => Some(false),
        _ => None,
    }
}

/// The status of a webhook in a response; empty if it has none.
pub(super) fn status(row: &Json) -> &str {
    text_of(row, "status")
}

impl Webhook {
    /// The part of a response that is managed here.
    pub(super) fn managed(&self, mut found: Json) -> Json {
        if is_active(&found).is_none() {
            found["active"] = json!(self.active);
        }
        found["settings"] = match (&self.settings, found["settings"].take()) {
            (Some(settings), found @ Json::Object(_)) => settings.managed(found),
            (None, _) => Json::Null,
            (Some(_), found) => found,
        };
        found
    }

    /// The body of a request that creates the webhook or changes `current`, without the secret.
    ///
    /// The events and settings that are not configured are sent as they are: CertCentral may reset what a
    /// request omits.
    pub(super) fn request(&self, current: Option<&Json>) -> Map<String, Json> {
        let current = |name: &str| current.and_then(|it| it.get(name)).cloned().unwrap_or_default();
        let events = match &self.events {
            Some(events) => json!(events),
            None => current("events"),
        };
        let mut settings = match current("webhook_settings") {
            Json::Object(settings) => settings,
            _ => Map::new(),
        };
        settings.retain(|_, value| !value.is_null());
        settings.extend(self.settings.iter().flat_map(|settings| settings.encode()));
        let mut body = Map::from_iter([("endpoint".to_owned(), json!(self.endpoint))]);
        if events.as_array().is_some_and(|events| !events.is_empty()) {
            body.insert("events".into(), events);
        }
        if !settings.is_empty() {
            body.insert("webhook_settings".into(), settings.into());
        }
        body
    }
}

pub(super) const PENDING: &str = "pending";

pub(super) const ACTIVE: &str = "active";

pub(super) const INACTIVE: &str = "inactive";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::webhook::Settings;

    #[test]
    fn active_follows_from_a_status_that_decides() {
        for (status, read) in [("active", json!(true)), ("inactive", json!(false))] {
            assert_eq!(as_attributes(json!({ "status": status }))["active"], read);
        }
        for kept in [Some(true), Some(false)] {
            let webhook = Webhook { active: kept, ..Webhook::default() };
            for status in [json!("pending"), json!("other"), Json::Null] {
                let found = as_attributes(json!({ "status": status }));
                assert_eq!(webhook.managed(found)["active"], json!(kept));
            }
        }
    }

    #[test]
    fn what_is_not_configured_is_sent_as_it_is() {
        let settings = Settings { send_certificate_chain: Some(true), ..Settings::default() };
        let webhook = Webhook {
            endpoint: "https://hooks.example.com".into(),
            settings: Some(settings),
            ..Webhook::default()
        };
        let current = json!({
            "events": ["certificate_issued"],
            "webhook_settings": {
                "webhook_send_certificate_chain": "0",
                "instant_issue_webhook_notification": "1",
                "webhook_notification_frequency": null,
            },
        });
        assert_eq!(
            Json::Object(webhook.request(Some(&current))),
            json!({
                "endpoint": "https://hooks.example.com",
                "events": ["certificate_issued"],
                "webhook_settings": {
                    "webhook_send_certificate_chain": "1",
                    "instant_issue_webhook_notification": "1",
                },
            })
        );
        let webhook = Webhook { settings: None, ..webhook };
        assert_eq!(
            Json::Object(webhook.request(None)),
            json!({"endpoint": "https://hooks.example.com"})
        );
    }
}
