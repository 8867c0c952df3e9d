//! What an error says, and what it means for the caller.

use std::time::{Duration, SystemTime};

use super::super::{Call, Error, Problem};

fn api(method: &'static str, status: u16, code: &str, message: &str) -> Error {
    let problems = vec![Problem { code: code.into(), message: message.into() }];
    let call = Call { method, path: "user/12".into() };
    Error::Api { status, problems, retry_after: None, call }
}

#[test]
fn sentences_teach() {
    let stopped = Error::Stopped { last: None };
    let late = Error::RetryWait {
        after: Duration::from_millis(600_900),
        until: SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000),
        left: "max_retry_wait = \"4m\" allows".into(),
        last: Box::new(api("PUT", 429, "request_limit_exceeded", "Slow down.")),
    };
    for (error, parts) in [
        (
            api("GET", 403, "access_denied|access_denied_invalid_key", "Access denied."),
            &[
                "GET user/12 was answered with 403 access_denied|access_denied_invalid_key: Access denied (the key",
                "digicert.eu",
            ][..],
        ),
        (
            api("PUT", 403, "access_denied|missing_permission", ""),
            &["missing_permission (the role"],
        ),
        (api("GET", 404, "not_found|route", "Not found."), &["base_url is probably wrong"]),
        (api("GET", 404, "", "Page not found"), &["404 Page not found (the address"]),
        (api("GET", 503, "", "503 Service is unavailable"), &["maintenance"]),
        (
            late,
            &[
                "again in 10m (at 2001-09-09T01:46:40Z), which is longer than max_retry_wait = \"4m\"",
                "; PUT user/12 was answered with 429",
                "lower rate_limits",
            ],
        ),
        (stopped, &["interrupted before it was done; run the command again"]),
    ] {
        let text = error.to_string();
        for part in parts {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.ends_with('.'));
    }
}

#[test]
fn absence_is_said_by_the_api_alone() {
    for (status, code, absent) in [
        (404, "not_found", true),
        (404, "not_found|user", true),
        (404, "not_found|route", false),
        (404, "", false),
        (404, "access_denied", false),
        (403, "not_found|user", false),
    ] {
        assert_eq!(api("GET", status, code, "").is_absent(), absent, "{status} {code}");
    }
}

#[test]
fn effects_are_unknown_only_after_a_write_left_and_was_not_refused() {
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
            Error::NotReached {
                call: call("POST"),
                host: "h".into(),
                proxy: None,
                cause: cause().into(),
            },
            false,
            false,
        ),
        (Error::Stopped { last: None }, false, false),
    ] {
        assert_eq!((error.effect_unknown(), error.is_refusal()), (unknown, refusal), "{error}");
    }
    let reset = || Some(Error::NoAnswer { call: call("PUT"), cause: cause() });
    assert!(Error::Stopped { last: None }.after(reset()).effect_unknown());
    let refused = Error::NotReached {
        call: call("PUT"),
        host: "h".into(),
        proxy: None,
        cause: cause().into(),
    };
    assert!(refused.after(reset()).effect_unknown());
}
