//! Conversion of every HTTP response into an [`Answer`] or an [`Error`].

use std::time::Duration;

use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;

use super::answer::Answer;
use super::api_error::{api_errors, reported};
use super::error::{Call, Error};
use super::{json, redacted};

/// An HTTP response whose body is not decoded yet.
pub(super) struct RawResponse {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    /// Host of the `Location` header.
    pub(super) location: Option<String>,
    pub(super) retry_after: Option<Duration>,
    /// The part of the body that was received. It may contain an API key.
    pub(super) body: Vec<u8>,
    pub(super) end: BodyEnd,
    /// Held while a large body is in memory, so that there is only one at a time.
    pub(super) large: Option<OwnedSemaphorePermit>,
}

/// How a body ended.
pub(super) enum BodyEnd {
    /// All of it was received.
    Complete,
    /// The connection broke, for this reason.
    Broken(String),
    /// It exceeded this limit in MiB. The rest was not read.
    TooLarge(usize),
}

impl RawResponse {
    /// This response if its status is a success, without looking at the body.
    pub(super) fn check_status(self, call: &Call) -> Result<Self, Error> {
        match self.status {
            200..300 => Ok(self),
            300..400 => Err(Error::Redirected {
                call: call.clone(),
                status: self.status,
                to: self.location,
            }),
            status => Err(Error::Api {
                status,
                errors: api_errors(&self.body),
                retry_after: self.retry_after,
                call: call.clone(),
            }),
        }
    }

    /// This response if all of its body was received.
    pub(super) fn check_complete(self, call: &Call) -> Result<Self, Error> {
        match self.end {
            BodyEnd::Complete => Ok(self),
            BodyEnd::Broken(cause) => Err(Error::NoAnswer { call: call.clone(), cause }),
            BodyEnd::TooLarge(limit) => Err(Error::Decode {
                call: call.clone(),
                problem: format!("the body is larger than {limit} MiB"),
            }),
        }
    }

    /// The JSON of the body. An empty body becomes null, unless the call needs one.
    ///
    /// # Errors
    ///
    /// [`Error::Reported`] if the body is an error in spite of the status. If the response to a POST also has
    /// an ID, the object was created, and [`Answer::reported`] returns the error.
    pub(super) fn answer(self, call: &Call, needs_body: bool) -> Result<Answer, Error> {
        if self.text().is_empty() && !needs_body {
            return Ok(Answer::new(Value::Null, call.clone()));
        }
        let json = self.read(call, json::parse)?;
        redacted::learn(&json);
        let created = call.method == "POST" && json.get("id").is_some();
        match json.get("errors").and_then(reported) {
            Some(errors) if !created => {
                Err(Error::Reported { call: call.clone(), status: self.status, errors })
            }
            _ => Ok(Answer::new(json, call.clone())),
        }
    }

    /// The body, parsed by a function of the module `json`.
    pub(super) fn read<'a, T>(
        &'a self,
        call: &Call,
        parse: impl FnOnce(&'a [u8]) -> Result<T, String>,
    ) -> Result<T, Error> {
        let text = self.text();
        parse(text).map_err(|problem| Error::Decode {
            call: call.clone(),
            problem: self.not_json(text, problem),
        })
    }

    /// The body without a byte order mark and white space around it.
    fn text(&self) -> &[u8] {
        let body = self.body.as_slice();
        body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii()
    }

    /// Why a body is not JSON. A body that begins like JSON is not quoted, because it may contain an API key.
    fn not_json(&self, body: &[u8], problem: String) -> String {
        let status = self.status;
        let found = match body.first() {
            None => return format!("HTTP {status} without a body"),
            Some(b'{' | b'[' | b'"') => problem,
            Some(_) => format!("the body begins with \"{}\"", redacted::excerpt(body)),
        };
        let kind = self.content_type.as_deref().unwrap_or("no content type");
        format!("expected JSON, got HTTP {status} with {kind}; {found}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, content_type: &str, body: &str) -> RawResponse {
        RawResponse {
            status,
            content_type: Some(content_type.into()),
            location: None,
            retry_after: None,
            body: body.into(),
            end: BodyEnd::Complete,
            large: None,
        }
    }

    #[test]
    fn a_body_that_is_not_json_is_described() {
        let call = Call { method: "GET", path: "user".into() };
        for (content_type, body, expected) in [
            ("text/html", "", "HTTP 200 without a body"),
            ("text/html", "<title>Log in</title>", "text/html; the body begins with \"Log in\""),
            (
                "application/json",
                r#"{"api_key":"half"#,
                "invalid JSON (EOF while parsing a string at line 1",
            ),
        ] {
            let error = response(200, content_type, body).answer(&call, true).map(|_| ());
            let error = error.expect_err(body).to_string();
            assert!(error.contains(expected) && !error.contains("half"), "{error}");
        }
        let marked = response(200, "text/html", "\u{feff} {} \n").answer(&call, true);
        assert!(marked.is_ok_and(|it| it.into_json().is_object()));
        let empty = response(204, "text/html", "").answer(&call, false).map(Answer::into_json);
        assert!(empty.is_ok_and(|json| json.is_null()));
    }

    #[test]
    fn a_redirection_is_refused() {
        let mut response = response(302, "text/html", "");
        response.location = Some("login.example.com".into());
        let call = Call { method: "GET", path: "user".into() };
        let error = response.check_status(&call).map(|_| ()).expect_err("refused").to_string();
        assert_eq!(
            error,
            "HTTP 302 from `GET user` redirects to login.example.com; base_url is probably wrong"
        );
    }
}
