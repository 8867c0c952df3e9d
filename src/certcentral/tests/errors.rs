//! The texts of errors, and what they mean for the caller.

use std::time::{Duration, SystemTime};

use super::super::{ApiError, Attempts, Call, Error};

fn api(method: &'static str, status: u16, code: &str, message: &str) -> Error {
    let errors = vec![ApiError { code: code.into(), message: message.into() }];
    let call = Call { method, path: "user/12".into() };
    Error::Api { status, errors, retry_after: None, call }
}

#[test]
fn texts_name_the_cause_and_the_next_step() {
    let stopped = Error::Stopped { last: None };
    let late = Error::RetryWait {
        after: Duration::from_millis(600_900),
        until: SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000),
        left: Duration::from_millis(11_500),
        limit: Duration::from_secs(240),
        attempts: Attempts { count: 3, over: Duration::from_secs(229) },
        last: Box::new(api("PUT", 429, "request_limit_exceeded", "Slow down.")),
    };
    for (error, parts) in [
        (
            api("GET", 403, "access_denied|access_denied_invalid_key", "Access denied."),
            &[
                "HTTP 403 from `GET user/12`: access_denied|access_denied_invalid_key: Access denied (the API key",
                "digicert.eu",
            ][..],
        ),
        (
            api("PUT", 403, "access_denied|missing_permission", ""),
            &["missing_permission (the user's role"],
        ),
        (api("GET", 404, "not_found|route", "Not found."), &["base_url is probably wrong"]),
        (
            api("GET", 404, "", "Page not found"),
            &["HTTP 404 from `GET user/12`: Page not found (this path"],
        ),
        (api("GET", 503, "", "503 Service is unavailable"), &["maintenance"]),
        (
            late,
            &[
                "a pause of 10m (until 2001-09-09T01:46:40Z), which exceeds the 11.5 s left of \
                 max_retry_wait = \"4m\" (3 attempts were made in 229.0 s)",
                "; HTTP 429 from `PUT user/12`",
                "lower rate_limits",
            ],
        ),
        (stopped, &["interrupted before completion; run the command again"]),
    ] {
        let text = error.to_string();
        for part in parts {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.ends_with('.'));
    }
}

#[test]
fn only_the_api_reports_that_an_object_does_not_exist() {
    for (status, code, absent) in [
        (404, "not_found", true),
        (404, "not_found|user", true),
        (404, "not_found|route", false),
        (404, "", false),
        (404, "access_denied", false),
        (403, "not_found|user", false),
    ] {
        assert_eq!(api("GET", status, code, "").is_not_found(), absent, "{status} {code}");
    }
}

#[test]
fn the_effect_is_unknown_only_after_a_write_that_was_not_rejected() {
    let call = |method| Call { method, path: "account".into() };
    let cause = || "reset".to_owned();
    for (error, unknown, refusal) in [
        (api("POST", 400, "bad", ""), false, true),
        (api("POST", 408, "", ""), true, false),
        (api("POST", 503, "", ""), true, false),
        (api("GET", 503, "", ""), false, false),
        (Error::NoAnswer { call: call("POST"), cause: cause() }, true, false),
        (Error::NoAnswer { call: call("GET"), cause: cause() }, false, false),
        (Error::Decode { call: call("PUT"), problem: cause() }, true, false),
        (
            Error::NotReached { call: call("POST"), host: "h".into(), proxy: None, cause: cause() },
            false,
            false,
        ),
        (Error::Stopped { last: None }, false, false),
    ] {
        assert_eq!((error.effect_unknown(), error.is_refusal()), (unknown, refusal), "{error}");
    }
    let reset = || Some(Error::NoAnswer { call: call("PUT"), cause: cause() });
    assert!(Error::Stopped { last: None }.after(reset()).effect_unknown());
    let refused =
        Error::NotReached { call: call("PUT"), host: "h".into(), proxy: None, cause: cause() };
    assert!(refused.after(reset()).effect_unknown());
}

#[test]
fn an_error_without_a_hint_has_a_next_step() {
    let decode =
        Error::Decode { call: Call { method: "GET", path: "user".into() }, problem: "x".into() };
    for (error, step) in [
        (api("PUT", 409, "conflict", ""), Some("Correct what CertCentral reports")),
        (api("PUT", 403, "forbidden", ""), Some("Correct what CertCentral reports")),
        (api("PUT", 403, "access_denied|missing_permission", ""), Some("Use an API key")),
        (api("PUT", 500, "", ""), Some("Run the command again later")),
        (decode, Some("whether a proxy responds")),
        // Their texts say it.
        (api("GET", 401, "", ""), None),
        (api("GET", 429, "request_limit_exceeded", ""), None),
        (Error::Stopped { last: None }, None),
    ] {
        let said = error.next_step();
        assert_eq!(said.is_some(), step.is_some(), "{error}");
        assert!(
            step.is_none_or(|step| said.is_some_and(|it| it.contains(step))),
            "{error}: {said:?}"
        );
    }
}
