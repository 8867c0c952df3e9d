//! Which calls are retried, and how often.

use std::time::Duration;

use serde_json::json;

use super::super::{Answer, Error, Session};
use super::server::{Act, Server, answer, error, json, reset};
use super::{client, session, settings};

/// Makes a call with this method.
async fn call(session: &Session, method: &str) -> Result<(), Error> {
    match method {
        "GET" => session.get("x", &[]).await.map(drop),
        "PUT" => session.put("x", &json!({})).await.map(drop),
        "POST" => session.post("x", &json!({})).await.map(drop),
        "ONCE" => session.post_once("x", &json!({}), |_| ()).await.map(drop),
        _ => session.delete("x").await.map(drop),
    }
}

fn cut() -> Act {
    Act::Cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"x\":".into())
}

#[tokio::test]
async fn each_failure_is_retried_only_if_that_is_safe() {
    let limit = || error(429, "request_limit_exceeded");
    for (act, idempotent, post) in [
        (error(408, ""), 2, 1),
        (error(429, "other"), 2, 1),
        (limit(), 2, 2),
        (error(500, ""), 2, 1),
        (answer(502, "", "<html>"), 2, 1),
        (error(503, ""), 2, 1),
        (error(504, ""), 2, 1),
        (reset(), 2, 1),
        (error(400, "bad_request_format"), 1, 1),
        (error(403, "access_denied"), 1, 1),
        (error(501, ""), 1, 1),
    ] {
        for (method, expected) in [
            ("GET", idempotent),
            ("PUT", idempotent),
            ("DELETE", idempotent),
            ("POST", post),
            ("ONCE", post),
        ] {
            let server = Server::script(vec![act.clone(), json(200, r#"{"id":1}"#)]).await;
            let result = call(&session(&server.url), method).await;
            assert_eq!(server.count(), expected, "{method} {result:?}");
            assert_eq!(result.is_ok(), expected == 2, "{method} {result:?}");
        }
    }
}

#[tokio::test]
async fn an_incomplete_response_is_retried_unless_it_is_to_a_post() {
    for (method, expected) in [("GET", 2), ("PUT", 2), ("DELETE", 2), ("POST", 1)] {
        let server = Server::script(vec![cut(), json(200, "{}")]).await;
        let result = call(&session(&server.url), method).await;
        assert_eq!(server.count(), expected, "{method}");
        if let Err(error) = result {
            assert!(matches!(error, Error::NoAnswer { .. }) && error.effect_unknown());
        }
    }
}

#[tokio::test]
async fn the_number_of_retries_is_limited() {
    let server = Server::script(vec![error(503, "")]).await;
    let mut settings = settings(&server.url);
    settings.max_retries = 3;
    let result = client(settings).session().get("x", &[]).await.map(Answer::into_json);
    let error = result.expect_err("503");
    assert_eq!((error.status(), server.count()), (Some(503), 4));
    let text = error.to_string();
    assert!(text.contains("; 4 attempts were made in 0."), "{text}");
    assert!(text.ends_with(" s, and max_retries = 3 allows no more"), "{text}");
}

#[tokio::test]
async fn an_error_names_the_limit_that_ended_the_attempts() {
    let server = Server::script(vec![answer(503, "Retry-After: 1\r\n", ""), error(503, "")]).await;
    let mut settings = settings(&server.url);
    settings.max_retry_wait = Duration::from_secs(1);
    let failed = call(&client(settings.clone()).session(), "GET").await.expect_err("503");
    let text = failed.to_string();
    assert!(text.contains("; 2 attempts were made in 1."), "{text}");
    assert!(text.ends_with(" s, and max_retry_wait = \"1s\" allows no more"), "{text}");

    // The rest of the limit is too short.
    let acts = vec![answer(503, "Retry-After: 1\r\n", ""), answer(503, "Retry-After: 2\r\n", "")];
    let server = Server::script(acts).await;
    settings.base_url = server.url.parse().unwrap();
    settings.max_retry_wait = Duration::from_secs(2);
    let failed = call(&client(settings).session(), "GET").await.expect_err("503");
    let text = failed.to_string();
    assert!(text.contains("a pause of 2s (until "), "{text}");
    assert!(
        text.contains("exceeds the 1.0 s left of max_retry_wait = \"2s\" (2 attempts"),
        "{text}"
    );

    // The error of a call that is never retried names no limit.
    let server = Server::script(vec![error(403, ""), error(503, "")]).await;
    let session = session(&server.url);
    for method in ["GET", "POST"] {
        let text = call(&session, method).await.expect_err("refused").to_string();
        assert!(!text.contains("attempt"), "{text}");
    }
}

#[tokio::test]
async fn a_pause_beyond_the_limit_ends_the_call_and_is_reported() {
    let late = answer(429, "Retry-After: 3600\r\n", "");
    let server = Server::script(vec![late]).await;
    let error = call(&session(&server.url), "GET").await.expect_err("too long");
    assert!(matches!(error, Error::RetryWait { after, .. } if after.as_secs() == 3600));
    assert!(error.to_string().contains("a pause of 1h (until 2"), "{error}");
    let allowed = "which exceeds max_retry_wait = \"4m\" (1 attempt was made in ";
    assert!(error.to_string().contains(allowed), "{error}");
    assert_eq!((server.count(), error.status()), (1, Some(429)));
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let mut settings = settings(&Server::nobody().await);
    settings.max_retries = 2;
    let session = client(settings).session();
    for method in ["GET", "PUT", "POST", "ONCE"] {
        let error = call(&session, method).await.expect_err("nobody listens");
        assert!(matches!(error.last(), Error::NotReached { .. }) && !error.effect_unknown());
        assert!(error.to_string().contains("no connection to 127.0.0.1:"), "{error}");
        assert!(error.to_string().contains("Connection refused"), "{error}");
    }
}

#[tokio::test]
async fn a_post_that_returns_a_key_has_a_longer_time_out() {
    let silence = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let act = Act::Wait(silence.clone(), Box::new(json(200, r#"{"id":1}"#)));
    let server = Server::script(vec![act]).await;
    let mut settings = settings(&server.url);
    settings.max_retries = 0;
    settings.request_timeout = Duration::from_millis(50);
    let session = client(settings).session();

    let error = call(&session, "POST").await.expect_err("silence");
    assert_eq!(
        error.to_string(),
        "POST x: no response: timed out; increase request_timeout if CertCentral needs longer"
    );

    let once = tokio::spawn(async move { call(&session, "ONCE").await });
    server.until(2).await;
    // Longer than the time-out of 50 ms, which does not apply here.
    tokio::time::sleep(Duration::from_millis(200)).await;
    silence.add_permits(2);
    once.await.unwrap().expect("waits five minutes");
}
