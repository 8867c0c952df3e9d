//! The names and encodings of the settings in the API.

use serde_json::{Map, json};

use crate::schema::{Diagnostic, Json};

/// A setting of the API.
pub(super) struct Setting {
    /// Its name in a configuration.
    pub(super) attribute: &'static str,
    name: &'static str,
    encoding: Encoding,
}

/// How the API encodes a value.
enum Encoding {
    /// A JSON array inside a string.
    ArrayInString,
    /// A JSON object inside a string: this preference is for all or for nobody.
    AllInString(&'static str),
    /// 1 or 0.
    Number,
    /// 0 or 1: the setting is the opposite of the argument.
    InvertedNumber,
}

use Encoding::{AllInString, ArrayInString, InvertedNumber, Number};

/// <https://dev.digicert.com/certcentral-apis/services-api/account/update-account-notification-settings.html>
pub(super) const SETTINGS: [Setting; 8] = [
    same_name("confirmation_email_recipients", ArrayInString),
    same_name("rejection_email_recipients", ArrayInString),
    same_name("approval_email_recipients", ArrayInString),
    same_name("renewal_email_recipients", ArrayInString),
    Setting {
        attribute: "email_preference_org_approval",
        name: "email_preference",
        encoding: AllInString("org-approval"),
    },
    same_name("account_fund_expiry_notices", Number),
    same_name("account_fund_adjustment_notices", Number),
    Setting {
        attribute: "include_division_name_in_email",
        name: "no_top_level_container_in_email",
        encoding: InvertedNumber,
    },
];

const fn same_name(name: &'static str, encoding: Encoding) -> Setting {
    Setting { attribute: name, name, encoding }
}

/// The settings for these arguments, in the encoding of the API.
pub(super) fn encode(arguments: &Map<String, Json>) -> impl Iterator<Item = Json> {
    SETTINGS.iter().filter_map(|Setting { attribute, name, encoding }| {
        let argument = arguments.get(*attribute)?;
        let on = argument == &Json::Bool(true);
        let value: Json = match encoding {
            ArrayInString => argument.to_string().into(),
            AllInString(preference) => {
                let recipients: &[&str] = if on { &["all"] } else { &[] };
                json!({ *preference: recipients }).to_string().into()
            }
            Number => u8::from(on).into(),
            InvertedNumber => u8::from(!on).into(),
        };
        Some(json!({ "name": name, "value": value }))
    })
}

/// The error if the settings were rejected: the body of a response with HTTP 200 may report that.
pub(super) fn rejection(answer: &Json) -> Option<Diagnostic> {
    let status = answer.get("status").unwrap_or(&Json::Null);
    if answer.is_null() || status == "success" {
        return None;
    }
    let message = match answer.get("message").and_then(Json::as_str) {
        Some(message) if !message.trim().is_empty() => {
            format!("and this message: {}.", quoted(message.trim()))
        }
        _ => "and no message.".to_owned(),
    };
    let detail = format!(
        "`PUT account/settings` returned the status {} instead of \"success\", {message}\n\nThe settings were not \
         saved to the state; the next apply sends them again.",
        match status {
            Json::String(status) => quoted(status),
            Json::Array(_) | Json::Object(_) => "of another type".to_owned(),
            _ => status.to_string(),
        }
    );
    Some(Diagnostic::error("Settings not accepted", detail))
}

/// Text of a response for a message: without control characters, and of limited length.
fn quoted(text: &str) -> String {
    format!("{:?}", text.chars().take(500).collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::resources::account_settings::AccountSettings;
    use crate::schema::Model;

    #[test]
    fn every_argument_is_in_the_table() {
        let block = AccountSettings::block();
        let arguments = block.attributes.iter().filter(|it| it.is_configurable()).map(|it| it.name);
        assert!(arguments.eq(SETTINGS.iter().map(|it| it.attribute)));
    }

    #[test]
    fn settings_are_encoded_as_the_api_expects() {
        let on = AccountSettings {
            renewal_email_recipients: Some(["order-users".into(), "admin".into()].into()),
            email_preference_org_approval: Some(true),
            account_fund_expiry_notices: Some(true),
            include_division_name_in_email: Some(true),
            ..AccountSettings::default()
        };
        let off = AccountSettings {
            renewal_email_recipients: Some(BTreeSet::new()),
            email_preference_org_approval: Some(false),
            account_fund_expiry_notices: Some(false),
            include_division_name_in_email: Some(false),
            ..AccountSettings::default()
        };
        let show = |settings: &AccountSettings| {
            let sent: Vec<_> = encode(&settings.body()).collect();
            sent.iter().map(|it| format!("{} {}", it["name"], it["value"])).collect::<Vec<_>>()
        };
        assert_eq!(
            show(&on),
            [
                r#""renewal_email_recipients" "[\"admin\",\"order-users\"]""#,
                r#""email_preference" "{\"org-approval\":[\"all\"]}""#,
                r#""account_fund_expiry_notices" 1"#,
                r#""no_top_level_container_in_email" 0"#,
            ]
        );
        assert_eq!(
            show(&off),
            [
                r#""renewal_email_recipients" "[]""#,
                r#""email_preference" "{\"org-approval\":[]}""#,
                r#""account_fund_expiry_notices" 0"#,
                r#""no_top_level_container_in_email" 1"#,
            ]
        );
    }

    #[test]
    fn only_an_empty_response_and_the_status_success_are_accepted() {
        for (answer, expected) in [
            (Json::Null, None),
            (json!({ "status": "success", "message": "Done." }), None),
            (json!({ "status": "failure", "message": "No." }), Some(r#""failure" instead"#)),
            (json!({ "status": "failure", "message": "No." }), Some("message: \"No.\"")),
            (json!({ "status": "failure" }), Some("no message")),
            (json!({ "status": "\u{1b}]0;" }), Some(r#"status "\u{1b}]0;" instead"#)),
            (json!({ "status": ["\u{9b}"] }), Some("status of another type")),
            (json!({ "status": "failure", "message": "No.\u{7}" }), Some(r#"message: "No.\u{7}""#)),
            (json!({}), Some("status null")),
            (json!([]), Some("status null")),
        ] {
            let detail = rejection(&answer).map(|it| it.detail);
            match expected {
                Some(part) => assert!(detail.is_some_and(|it| it.contains(part)), "{answer}"),
                None => assert_eq!(detail, None, "{answer}"),
            }
        }
    }
}
