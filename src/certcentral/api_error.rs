//! Errors in the body of a response, and hints how to resolve them.

use serde_json::Value;

use super::{json, redacted};

/// One entry of `errors` in the body of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// For example `access_denied|missing_permission`. Empty if the body is not an error of the API.
    pub code: String,
    /// The message, or the first line of a body that is not an error of the API.
    pub message: String,
}

/// The errors in the body of a response with an error status.
///
/// The documented form is `{"errors": [{"code": "…", "message": "…"}]}`. A single object instead of the
/// list, and an error without `errors` around it, are accepted too. Of any other body, the first line is
/// the message.
/// Source: <https://dev.digicert.com/en/certcentral-apis/services-api/errors.html>.
pub(super) fn api_errors(body: &[u8]) -> Vec<ApiError> {
    let json = json::parse(body).unwrap_or_default();
    let errors = entries(json.get("errors").unwrap_or(&json));
    if !errors.is_empty() || body.trim_ascii().is_empty() {
        return errors;
    }
    // JSON of another form is not quoted, because it may contain secrets.
    if json.is_object() || json.is_array() {
        return Vec::new();
    }
    vec![ApiError { code: String::new(), message: redacted::excerpt(body) }]
}

/// The errors in the `errors` field of a success. `None` if the field is empty.
pub(super) fn reported(errors: &Value) -> Option<Vec<ApiError>> {
    let reports = match errors {
        Value::Array(entries) => !entries.is_empty(),
        Value::Object(entry) => !entry.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => false,
    };
    reports.then(|| entries(errors))
}

/// The first entries of `errors`.
fn entries(errors: &Value) -> Vec<ApiError> {
    let entries = match errors {
        Value::Array(entries) => entries.as_slice(),
        entry => std::slice::from_ref(entry),
    };
    let mut errors: Vec<_> = entries.iter().filter_map(parse_entry).take(MAX_ERRORS).collect();
    let left = entries.len().saturating_sub(MAX_ERRORS);
    if left > 0 {
        errors.push(ApiError { code: String::new(), message: format!("and {left} more") });
    }
    errors
}

/// Further entries are only counted, so that the message stays readable.
const MAX_ERRORS: usize = 10;

fn parse_entry(entry: &Value) -> Option<ApiError> {
    let text = |name: &str| match entry.get(name) {
        Some(Value::String(text)) => redacted::shortened(text, 500),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let error = match entry {
        Value::String(text) => {
            ApiError { code: String::new(), message: redacted::shortened(text, 500) }
        }
        _ => ApiError { code: text("code"), message: text("message") },
    };
    (!error.code.is_empty() || !error.message.is_empty()).then_some(error)
}

/// The codes and messages as one text.
pub(super) fn words(errors: &[ApiError]) -> String {
    let mut text = String::new();
    for (index, ApiError { code, message }) in errors.iter().enumerate() {
        text.push_str(if index == 0 { "" } else { "; " });
        text.push_str(code);
        if !code.is_empty() && !message.is_empty() {
            text.push_str(": ");
        }
        // Messages of the API end with a full stop. Here, more text may follow.
        text.push_str(message.trim_end_matches('.'));
    }
    text
}

/// The probable cause and what to do, in parentheses.
pub(super) fn hint(status: u16, errors: &[ApiError]) -> &'static str {
    let has = |text: &str| errors.iter().any(|it| it.code.contains(text));
    match status {
        401 => INVALID_KEY,
        403 if has("invalid_key") => INVALID_KEY,
        403 if has("missing_permission") => {
            " (the user's role or a restriction of the API key does not allow this call)"
        }
        404 if has("not_found|route") || errors.iter().all(|it| it.code.is_empty()) => {
            " (this path does not exist on the server: base_url is probably wrong)"
        }
        429 => {
            " (the rate limit is shared by everything that uses this API key: lower rate_limits)"
        }
        503 => {
            " (CertCentral may be under maintenance, which usually takes about two hours; try again later)"
        }
        _ => "",
    }
}

const INVALID_KEY: &str = " (the API key was rejected: it may be mistyped, revoked or for another \
    instance; base_url must be https://www.digicert.com/services/v2 for US accounts and \
    https://certcentral.digicert.eu/services/v2 for EU accounts)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_of_many_entries_are_kept() {
        let body = serde_json::json!({ "errors": vec!["no"; 5000] }).to_string();
        let found = api_errors(body.as_bytes());
        assert_eq!(found.len(), 11);
        assert_eq!(found[10].message, "and 4990 more");
    }

    #[test]
    fn a_success_reports_an_error_if_errors_is_not_empty() {
        for (body, expected) in [
            (r#"[{"code":"a","message":"A"}]"#, Some("a: A")),
            (r#"{"code":"a"}"#, Some("a")),
            (r#""went wrong""#, Some("went wrong")),
            ("[{}]", Some("")),
            ("[]", None),
            ("{}", None),
            ("null", None),
            ("0", None),
        ] {
            let found = reported(&serde_json::from_str(body).unwrap());
            assert_eq!(found.map(|it| words(&it)).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn errors_of_many_forms_are_accepted() {
        let documented =
            r#"{"errors":[{"code":"access_denied|missing_permission","message":"No."}]}"#;
        for (body, expected) in [
            (documented, &[("access_denied|missing_permission", "No.")][..]),
            (r#"{"errors":[{"code":"a","message":"A"},{"code":"b"}]}"#, &[("a", "A"), ("b", "")]),
            (r#"{"errors":{"code":"a","message":"A"}}"#, &[("a", "A")]),
            (r#"{"errors":["went wrong"]}"#, &[("", "went wrong")]),
            (r#"{"errors":["went\u001b[31m \u009bwrong"]}"#, &[("", "went [31m  wrong")]),
            (r#"{"message":"503 Service is unavailable"}"#, &[("", "503 Service is unavailable")]),
            (r#"{"code":17,"message":null}"#, &[("17", "")]),
            (r#"{"errors":[]}"#, &[]),
            (r#"{"other":1}"#, &[]),
            (r#""just text""#, &[("", "just text")]),
            ("<html><title>Incapsula</title>", &[("", "Incapsula")]),
            ("upstream connect error\nmore", &[("", "upstream connect error")]),
            (" ", &[]),
        ] {
            let found = api_errors(body.as_bytes());
            let found: Vec<_> = found.iter().map(|p| (&*p.code, &*p.message)).collect();
            assert_eq!(found, expected, "{body}");
        }
    }
}
