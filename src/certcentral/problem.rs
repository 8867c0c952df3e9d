//! What an error of the API says, and what somebody can do about it.

use serde_json::Value;

use super::{json, redacted};

/// One entry of an error's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Such as `access_denied|missing_permission`; empty if the body was not an error of the API.
    pub code: String,
    /// A sentence for people; or the first line of a foreign body.
    pub message: String,
}

/// What the body of an error says.
///
/// Documented: `{"errors": [{"code": "…", "message": "…"}]}`. A single object in place of the list
/// and an error without `errors` around it are read too; of anything else, the first line.
/// Source: <https://dev.digicert.com/en/certcentral-apis/services-api/errors.html>.
pub(super) fn problems(body: &[u8]) -> Vec<Problem> {
    let json = json::parse(body).unwrap_or_default();
    let problems = entries(json.get("errors").unwrap_or(&json));
    if !problems.is_empty() || body.trim_ascii().is_empty() {
        return problems;
    }
    // An object of another shape may hold anything.
    if json.is_object() || json.is_array() {
        return Vec::new();
    }
    vec![Problem { code: String::new(), message: redacted::excerpt(body) }]
}

/// What `errors` in the body of a success reports; `None` where it is empty and reports nothing.
pub(super) fn reported(errors: &Value) -> Option<Vec<Problem>> {
    let reports = match errors {
        Value::Array(entries) => !entries.is_empty(),
        Value::Object(entry) => !entry.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => false,
    };
    reports.then(|| entries(errors))
}

/// The first few entries of `errors`, or of what stands in its place.
fn entries(errors: &Value) -> Vec<Problem> {
    let entries = match errors {
        Value::Array(entries) => entries.as_slice(),
        entry => std::slice::from_ref(entry),
    };
    let mut problems: Vec<_> = entries.iter().filter_map(problem).take(MOST_PROBLEMS).collect();
    let left = entries.len().saturating_sub(MOST_PROBLEMS);
    if left > 0 {
        problems.push(Problem { code: String::new(), message: format!("and {left} more") });
    }
    problems
}

/// An error is for people to read.
const MOST_PROBLEMS: usize = 10;

fn problem(entry: &Value) -> Option<Problem> {
    let text = |name: &str| match entry.get(name) {
        Some(Value::String(text)) => redacted::shortened(text, 500),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let problem = match entry {
        Value::String(text) => {
            Problem { code: String::new(), message: redacted::shortened(text, 500) }
        }
        _ => Problem { code: text("code"), message: text("message") },
    };
    (!problem.code.is_empty() || !problem.message.is_empty()).then_some(problem)
}

/// The answer in words: status, codes and messages.
pub(super) fn describe(status: u16, problems: &[Problem]) -> String {
    format!("{status} {}", words(problems)).trim_end().to_owned()
}

/// Codes and messages.
pub(super) fn words(problems: &[Problem]) -> String {
    let mut text = String::new();
    for (index, Problem { code, message }) in problems.iter().enumerate() {
        text.push_str(if index == 0 { "" } else { "; " });
        text.push_str(code);
        if !code.is_empty() && !message.is_empty() {
            text.push_str(": ");
        }
        // The sentences of the API end in a full stop; more may follow here.
        text.push_str(message.trim_end_matches('.'));
    }
    text
}

/// What somebody can do about it.
pub(super) fn hint(status: u16, problems: &[Problem]) -> &'static str {
    let has = |text: &str| problems.iter().any(|it| it.code.contains(text));
    match status {
        401 => INVALID_KEY,
        403 if has("invalid_key") => INVALID_KEY,
        403 if has("missing_permission") => {
            " (the role of the API key's user, or the limit of the key itself, does not allow this call)"
        }
        404 if has("not_found|route") || problems.iter().all(|it| it.code.is_empty()) => {
            " (the address does not exist there: base_url is probably wrong)"
        }
        429 => " (everything that uses this API key shares its limit: lower rate_limits)",
        503 => {
            " (CertCentral may be in maintenance, which takes about two hours; try again afterwards)"
        }
        _ => "",
    }
}

const INVALID_KEY: &str = " (the key in X-DC-DEVKEY is refused: it is mistyped, revoked, or of the \
    other instance; base_url is https://www.digicert.com/services/v2 for US accounts and \
    https://certcentral.digicert.eu/services/v2 for European ones)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_entries_the_first_are_kept() {
        let body = serde_json::json!({ "errors": vec!["no"; 5000] }).to_string();
        let found = problems(body.as_bytes());
        assert_eq!(found.len(), 11);
        assert_eq!(found[10].message, "and 4990 more");
    }

    #[test]
    fn a_success_reports_an_error_where_errors_has_one() {
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
    fn errors_of_many_shapes_are_read() {
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
            let found = problems(body.as_bytes());
            let found: Vec<_> = found.iter().map(|p| (&*p.code, &*p.message)).collect();
            assert_eq!(found, expected, "{body}");
        }
    }
}
