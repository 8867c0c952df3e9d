//! The one gate for what a server sends: an answer, or an error that says what is wrong.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;

use super::answer::Answer;
use super::error::{Call, Error};
use super::problem::{problems, reported};
use super::{json, redacted};

/// An answer as it came over the wire, from its status line on.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    /// Host of the `Location`.
    pub(super) location: Option<String>,
    pub(super) retry_after: Option<Duration>,
    /// The part of the body that arrived. It may contain a key.
    pub(super) body: Vec<u8>,
    pub(super) end: End,
    /// Held while a large body is in memory: one at a time.
    pub(super) alone: Option<OwnedSemaphorePermit>,
}

/// How a body ended.
pub(super) enum End {
    /// As it should.
    Whole,
    /// The connection broke, for this reason.
    Cut(String),
    /// It grew beyond the limit, in MiB, and the rest was not read.
    TooLarge(usize),
}

impl Reply {
    /// Lets a success pass, judged by the status alone.
    pub(super) fn accepted(self, call: &Call) -> Result<Self, Error> {
        match self.status {
            200..300 => Ok(self),
            300..400 => Err(Error::Redirected {
                call: call.clone(),
                status: self.status,
                to: self.location,
            }),
            status => Err(Error::Api {
                status,
                problems: problems(&self.body),
                retry_after: self.retry_after,
                call: call.clone(),
            }),
        }
    }

    /// Lets an answer pass that arrived whole.
    pub(super) fn whole(self, call: &Call) -> Result<Self, Error> {
        match self.end {
            End::Whole => Ok(self),
            End::Cut(cause) => Err(Error::NoAnswer { call: call.clone(), cause }),
            End::TooLarge(limit) => Err(Error::Decode {
                call: call.clone(),
                problem: format!("it is larger than {limit} MiB"),
            }),
        }
    }

    /// The JSON of an answer. No body is null, where the call needs none.
    ///
    /// # Errors
    ///
    /// [`Error::Reported`] where the body is an error for all its status. Where it also has the ID of what
    /// a POST has created, the object exists, and [`Answer::reported`] has the error.
    pub(super) fn answer(self, call: &Call, needs_body: bool) -> Result<Answer, Error> {
        if self.text().is_empty() && !needs_body {
            return Ok(Answer::new(Value::Null, call.clone()));
        }
        let json = self.read(call, json::parse)?;
        redacted::learn(&json);
        let created = call.method == "POST" && json.get("id").is_some();
        match json.get("errors").and_then(reported) {
            Some(problems) if !created => {
                Err(Error::Reported { call: call.clone(), status: self.status, problems })
            }
            _ => Ok(Answer::new(json, call.clone())),
        }
    }

    /// The body as JSON, by one of the ways to parse it.
    pub(super) fn read<'a, T>(
        &'a self,
        call: &Call,
        parse: impl FnOnce(&'a [u8]) -> Result<T, String>,
    ) -> Result<T, Error> {
        let text = self.text();
        parse(text).map_err(|problem| Error::Decode {
            call: call.clone(),
            problem: self.foreign(text, problem),
        })
    }

    /// The body without what may stand around JSON.
    fn text(&self) -> &[u8] {
        let body = self.body.as_slice();
        body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii()
    }

    /// Why a body is not JSON. One that begins like JSON is not quoted, for it may hold a key.
    fn foreign(&self, body: &[u8], problem: String) -> String {
        let status = self.status;
        let found = match body.first() {
            None => return format!("status {status} came without a body"),
            Some(b'{' | b'[' | b'"') => problem,
            Some(_) => format!("it begins with \"{}\"", redacted::excerpt(body)),
        };
        let kind = self.content_type.as_deref().unwrap_or("no content type");
        format!("expected JSON, got status {status} with {kind}; {found}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, content_type: &str, body: &str) -> Reply {
        Reply {
            status,
            content_type: Some(content_type.into()),
            location: None,
            retry_after: None,
            body: body.into(),
            end: End::Whole,
            alone: None,
        }
    }

    #[test]
    fn foreign_answers_are_described() {
        let call = Call { method: "GET", path: "user".into() };
        for (content_type, body, expected) in [
            ("text/html", "", "status 200 came without a body"),
            ("text/html", "<title>Log in</title>", "text/html; it begins with \"Log in\""),
            (
                "application/json",
                r#"{"api_key":"half"#,
                "broken (EOF while parsing a string at line 1",
            ),
        ] {
            let error = reply(200, content_type, body).answer(&call, true).map(|_| ());
            let error = error.expect_err(body).to_string();
            assert!(error.contains(expected) && !error.contains("half"), "{error}");
        }
        let marked = reply(200, "text/html", "\u{feff} {} \n").answer(&call, true);
        assert!(marked.is_ok_and(|it| it.into_json().is_object()));
        let empty = reply(204, "text/html", "").answer(&call, false).map(Answer::into_json);
        assert!(empty.is_ok_and(|json| json.is_null()));
    }

    #[test]
    fn a_redirection_is_refused() {
        let mut reply = reply(302, "text/html", "");
        reply.location = Some("login.example.com".into());
        let call = Call { method: "GET", path: "user".into() };
        let error = reply.accepted(&call).map(|_| ()).expect_err("refused").to_string();
        assert_eq!(
            error,
            "GET user was redirected with 302 to login.example.com; base_url is probably wrong"
        );
    }
}
