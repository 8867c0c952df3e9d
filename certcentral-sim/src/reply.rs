//! Responses of endpoints, and the format that the options select for them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::options::Options;

/// The result of an endpoint: a reply, or a refusal.
pub(crate) type Outcome = Result<Reply, Refusal>;

/// A status and an optional body.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Option<Value>,
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: StatusCode::OK, body: Some(body) }
    }

    pub(crate) fn created(body: Value) -> Self {
        Self { status: StatusCode::CREATED, body: Some(body) }
    }

    /// 201 without a body.
    pub(crate) fn created_silently() -> Self {
        Self { status: StatusCode::CREATED, body: None }
    }

    /// The response to a deletion whose status is not documented.
    pub(crate) fn deleted(options: &Options) -> Self {
        if options.deleted_with_ok {
            Self { status: StatusCode::OK, body: None }
        } else {
            Self::no_content()
        }
    }

    pub(crate) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None }
    }
}

/// Why a request was refused, <https://dev.digicert.com/en/certcentral-apis/services-api/errors.html>.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    problems: Vec<Problem>,
}

/// One of the reasons.
#[derive(Debug)]
pub(crate) struct Problem {
    code: String,
    message: String,
}

impl Problem {
    pub(crate) fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }

    /// A required field is missing.
    pub(crate) fn missing_field(path: &str) -> Self {
        Self::new(format!("missing_field|{path}"), format!("`{path}` is required."))
    }

    /// A field has an invalid value.
    pub(crate) fn invalid_field(path: &str, rule: &str) -> Self {
        Self::new(format!("invalid_field|{path}"), format!("`{path}` {rule}."))
    }
}

impl Refusal {
    /// 400 with all reasons.
    pub(crate) fn invalid(problems: Vec<Problem>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, problems }
    }

    /// 400 with one reason.
    pub(crate) fn because(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(vec![Problem::new(code, message)])
    }

    /// 400 for one field.
    pub(crate) fn invalid_field(path: &str, rule: &str) -> Self {
        Self::invalid(vec![Problem::invalid_field(path, rule)])
    }

    pub(crate) fn bad_format() -> Self {
        Self::because("bad_request_format", "The request body is not valid JSON.")
    }

    /// The path does not exist.
    pub(crate) fn route() -> Self {
        Self::status(StatusCode::NOT_FOUND, "not_found|route", "Route not found.")
    }

    /// The object does not exist, or belongs to another account.
    pub(crate) fn missing(options: &Options, what: &str) -> Self {
        let detail = format!("not_found|{what}");
        let code = if options.bare_not_found { "not_found" } else { &detail };
        Self::status(StatusCode::NOT_FOUND, code, "The specified entity could not be found.")
    }

    pub(crate) fn invalid_key() -> Self {
        let message = "Access denied due to access_denied_invalid_key.";
        Self::forbidden("access_denied|access_denied_invalid_key", message)
    }

    /// The account may not have subaccounts.
    pub(crate) fn no_subaccounts() -> Self {
        Self::missing_permission("Subaccounts are not enabled for this account.")
    }

    /// The account, the user or the key lacks a permission.
    pub(crate) fn missing_permission(message: &str) -> Self {
        Self::forbidden("access_denied|missing_permission", message)
    }

    pub(crate) fn forbidden(code: &str, message: &str) -> Self {
        Self::status(StatusCode::FORBIDDEN, code, message)
    }

    pub(crate) fn too_many() -> Self {
        let message = "Service unavailable, please limit request volume";
        Self::status(StatusCode::TOO_MANY_REQUESTS, "request_limit_exceeded", message)
    }

    /// The usual refusal of a status, for faults.
    pub(crate) fn usual(status: StatusCode) -> Self {
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Self::too_many();
        }
        let reason = status.canonical_reason().unwrap_or("Error");
        let code = reason.to_ascii_lowercase().replace(' ', "_");
        Self::status(status, &code, &format!("{} {reason}", status.as_u16()))
    }

    fn status(status: StatusCode, code: &str, message: &str) -> Self {
        Self { status, problems: vec![Problem::new(code, message)] }
    }

    /// The same with another code.
    pub(crate) fn with_code(mut self, code: String) -> Self {
        for problem in &mut self.problems {
            problem.code.clone_from(&code);
        }
        self
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        let errors: Vec<Value> = refusal
            .problems
            .iter()
            .map(|it| json!({ "code": it.code, "message": it.message }))
            .collect();
        Self { status: refusal.status, body: Some(json!({ "errors": errors })) }
    }
}

/// Gives an answer the spellings the options ask for. Endpoints write unset fields as `null`, ids
/// as integers and booleans as such.
pub(crate) fn shape(value: &mut Value, options: &Options) {
    match value {
        Value::Object(fields) => {
            if !options.null_for_unset {
                fields.retain(|_, it| !it.is_null());
            }
            for (name, field) in fields {
                shape_field(name, field, options);
                shape(field, options);
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|it| shape(it, options)),
        Value::Bool(flag) if options.bools_as_numbers => *value = json!(u8::from(*flag)),
        _ => {}
    }
}

fn shape_field(name: &str, field: &mut Value, options: &Options) {
    let is_id = name == "id" || name.ends_with("_id");
    match field {
        Value::Number(id) if options.ids_as_strings && is_id => *field = json!(id.to_string()),
        Value::Array(ids) if options.ids_as_strings && name != "webhook_notification_frequency" => {
            for id in ids.iter_mut().filter(|it| it.is_number()) {
                *id = json!(id.to_string());
            }
        }
        Value::String(text)
            if options.lower_case_emails
                && matches!(name, "email" | "username" | "admin_email") =>
        {
            *text = text.to_lowercase();
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_fields_are_absent_unless_asked_for() {
        let mut value = json!({ "id": 1, "child_name": null });
        shape(&mut value, &Options { null_for_unset: true, ..Options::default() });
        assert_eq!(value, json!({ "id": 1, "child_name": null }));
        shape(&mut value, &Options::default());
        assert_eq!(value, json!({ "id": 1 }));
    }

    #[test]
    fn ids_and_booleans_have_other_formats() {
        let mut value = json!({
            "id": 1, "user": { "account_id": 2, "is_active": true }, "limit": 3, "ids": [4],
            "email": "Ana@Example.com",
        });
        let options = Options {
            ids_as_strings: true,
            bools_as_numbers: true,
            lower_case_emails: true,
            ..Options::default()
        };
        shape(&mut value, &options);
        let expected = json!({
            "id": "1", "user": { "account_id": "2", "is_active": 1 }, "limit": 3, "ids": ["4"],
            "email": "ana@example.com",
        });
        assert_eq!(value, expected);
    }
}
