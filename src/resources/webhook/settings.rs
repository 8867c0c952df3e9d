//! The settings of a webhook, and their names in the API.

use serde_json::Map;

use crate::model;
use crate::schema::{Json, Model};

model! {
    /// Settings of the events.
    pub struct Settings {
        /// Days before the expiry of a certificate, or after it if negative, on which an event is sent, for example
        /// `[90, 30, 7, 0, -7]`.
        #[attr(not_empty("omit it if CertCentral decides"))]
        pub notification_frequency: Option<Vec<i64>>,
        /// Whether certificates that are issued at once cause events.
        pub instant_issue_notification: Option<bool>,
        /// Whether events contain the certificate chain.
        pub send_certificate_chain: Option<bool>,
        /// Whether events of certificates that are issued at once contain the certificate chain.
        pub send_instant_issue_certificate_chain: Option<bool>,
    }
}

/// Each attribute, with its name in the API.
const NAMES: [(&str, &str); 4] = [
    (FREQUENCY, "webhook_notification_frequency"),
    ("instant_issue_notification", "instant_issue_webhook_notification"),
    ("send_certificate_chain", "webhook_send_certificate_chain"),
    ("send_instant_issue_certificate_chain", "webhook_send_instant_issued_certificate_chain"),
];

const FREQUENCY: &str = "notification_frequency";

impl Settings {
    /// The settings that have a value, as the API expects them: booleans are `"1"` and `"0"`.
    pub(super) fn encode(&self) -> Map<String, Json> {
        let body = self.body();
        let encoded = NAMES.iter().filter_map(|(attribute, name)| {
            let value = match body.get(*attribute)? {
                Json::Bool(on) => Json::from(if *on { "1" } else { "0" }),
                other => other.clone(),
            };
            Some(((*name).to_owned(), value))
        });
        encoded.collect()
    }

    /// The settings in a response that are managed here. The frequencies keep their order in the state if the
    /// response has the same ones.
    pub(super) fn managed(&self, mut found: Json) -> Json {
        let state = self.clone().into_response();
        for (attribute, _) in NAMES {
            let old = state.get(attribute).cloned().unwrap_or_default();
            let is_same = attribute == FREQUENCY && sorted(&old) == sorted(&found[attribute]);
            if old.is_null() || is_same {
                found[attribute] = old;
            }
        }
        found
    }
}

/// The settings in a response with the names of the attributes; null if it has none.
pub(super) fn as_attributes(settings: Option<&Json>) -> Json {
    let Some(settings) = settings.filter(|it| it.is_object()) else { return Json::Null };
    let attributes = NAMES.iter().map(|(attribute, name)| {
        ((*attribute).to_owned(), settings.get(*name).cloned().unwrap_or_default())
    });
    Json::Object(attributes.collect())
}

fn sorted(frequencies: &Json) -> Option<Vec<i64>> {
    let mut days: Vec<_> =
        frequencies.as_array()?.iter().map(Json::as_i64).collect::<Option<_>>()?;
    days.sort_unstable();
    Some(days)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_attribute_is_in_the_table() {
        let names = Settings::block().attributes.iter().map(|it| it.name);
        assert!(names.eq(NAMES.iter().map(|(attribute, _)| *attribute)));
    }

    #[test]
    fn settings_are_encoded_and_read() {
        let settings = Settings {
            notification_frequency: Some(vec![90, -7]),
            send_certificate_chain: Some(false),
            ..Settings::default()
        };
        let sent = Json::Object(settings.encode());
        assert_eq!(
            sent,
            json!({"webhook_notification_frequency": [90, -7], "webhook_send_certificate_chain": "0"})
        );
        let read = as_attributes(Some(&sent));
        assert_eq!(read["send_certificate_chain"], "0");
        assert_eq!(read["instant_issue_notification"], Json::Null);
        assert_eq!(as_attributes(None), Json::Null);
    }

    #[test]
    fn only_configured_settings_are_read_and_their_order_is_kept() {
        let state = Settings {
            notification_frequency: Some(vec![90, -7]),
            send_certificate_chain: Some(true),
            ..Settings::default()
        };
        let found = json!({
            "notification_frequency": [-7, 90], "send_certificate_chain": "0", "instant_issue_notification": "1",
        });
        let managed = state.managed(found);
        assert_eq!(managed["notification_frequency"], json!([90, -7]));
        assert_eq!(managed["send_certificate_chain"], "0");
        assert_eq!(managed["instant_issue_notification"], Json::Null);
        let drifted = state.managed(json!({"notification_frequency": [7]}));
        assert_eq!(drifted["notification_frequency"], json!([7]));
    }
}
