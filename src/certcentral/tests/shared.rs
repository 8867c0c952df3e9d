//! State that calls share: the account, the queues and the rate limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::super::{Error, Id};
use super::server::{Act, Server, error, json};
use super::{client, settings};

#[tokio::test]
async fn the_account_is_requested_once_and_again_after_a_failure() {
    let acts = vec![error(403, "access_denied"), json(200, r#"{"id":"17"}"#)];
    let server = Server::script(acts).await;
    let client = client(settings(&server.url));
    client.session().account().await.expect_err("refused at first");
    let mut callers = JoinSet::new();
    for _ in 0..5 {
        let session = client.session();
        callers.spawn(async move { session.account().await });
    }
    for account in callers.join_all().await {
        assert_eq!(account.expect("the account").id, Id::from(17));
    }
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_failure_to_read_the_account_is_returned_to_all_waiting_calls() {
    let acts = vec![error(503, ""), error(503, ""), json(200, r#"{"id":17}"#)];
    let server = Server::script(acts).await;
    let mut settings = settings(&server.url);
    settings.max_retries = 1;
    let client = client(settings);
    let mut callers = JoinSet::new();
    for _ in 0..5 {
        let session = client.session();
        callers.spawn(async move { session.account().await.map(drop) });
    }
    for account in callers.join_all().await {
        assert_eq!(account.expect_err("unavailable").status(), Some(503));
    }
    assert_eq!(server.count(), 2, "one budget for all");
    assert!(client.session().account().await.is_ok(), "a later call sends another request");
}

#[tokio::test]
async fn readers_of_one_object_do_not_wait_for_each_other() {
    let gate = Arc::new(Semaphore::new(0));
    let act = Act::Wait(Arc::clone(&gate), Box::new(error(503, "")));
    let server = Server::script(vec![act]).await;
    let mut settings = settings(&server.url);
    settings.max_retries = 0;
    let client = client(settings);
    let mut readers = JoinSet::new();
    for _ in 0..4 {
        let session = client.session();
        readers.spawn(async move { session.object("organization", Id::from(7), "id").await });
    }
    // No response is sent before all four requests have arrived.
    server.until(4).await;
    gate.add_permits(4);
    assert!(readers.join_all().await.iter().all(Result::is_err));
}

#[tokio::test]
async fn calls_to_another_account_are_rejected() {
    let server = Server::script(vec![json(200, r#"{"id":17}"#)]).await;
    let mut settings = settings(&server.url);
    settings.account_id = Some(Id::from(17));
    let session = client(settings.clone()).session();
    session.get("user/1", &[]).await.expect("the right account");
    session.put("user/1", &json!({})).await.expect("the right account");
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(lines, ["GET /account", "GET /user/1", "PUT /user/1"]);

    settings.account_id = Some(Id::from(18));
    let session = client(settings).session();
    for error in [
        session.post("user", &json!({})).await.map(drop).expect_err("another account"),
        session.delete("user/1").await.expect_err("another account"),
        session.account().await.map(drop).expect_err("another account"),
    ] {
        assert!(matches!(error, Error::WrongAccount { .. }), "{error}");
        assert!(!error.effect_unknown());
    }
    assert_eq!(server.count(), 4, "one more GET /account and nothing else");
}

/// Sends eight requests concurrently. Returns the maximum that the server had at the same time.
async fn most_at_once(is_write: bool, at_once: usize) -> usize {
    let permits = Arc::new(Semaphore::new(0));
    let act = Act::Wait(permits.clone(), Box::new(json(200, "{}")));
    let server = Server::script(vec![act]).await;
    let mut settings = settings(&server.url);
    settings.max_concurrent_requests = 3;
    let client = client(settings);
    let done = Arc::new(AtomicUsize::new(0));
    let mut calls = JoinSet::new();
    for _ in 0..8 {
        let (session, done) = (client.session(), done.clone());
        calls.spawn(async move {
            let result = match is_write {
                true => session.put("x", &json!({})).await.map(drop),
                false => session.get("x", &[]).await.map(drop),
            };
            done.fetch_add(1, SeqCst);
            result
        });
    }
    let mut most = 0;
    for round in 0..8 {
        // As many as may be there at once have come; whatever else could come gets its chance.
        server.until((round + at_once).min(8)).await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        most = most.max(server.count() - done.load(SeqCst));
        permits.add_permits(1);
        while done.load(SeqCst) <= round {
            tokio::task::yield_now().await;
        }
    }
    assert!(calls.join_all().await.iter().all(Result::is_ok));
    most
}

#[tokio::test]
async fn reads_are_concurrent_and_writes_are_sent_one_at_a_time() {
    assert_eq!(most_at_once(false, 3).await, 3);
    assert_eq!(most_at_once(true, 1).await, 1);
}

#[tokio::test]
async fn retries_count_in_the_rate_limit_and_its_waits_are_no_retry_wait() {
    let server = Server::script(vec![error(503, ""), error(503, ""), json(200, "{}")]).await;
    let mut settings = settings(&server.url);
    settings.rate_limits = vec!["1/100ms".parse().unwrap()];
    settings.max_retry_wait = Duration::from_millis(20);
    let started = Instant::now();
    client(settings).session().get("x", &[]).await.expect("the third attempt");
    assert!(started.elapsed() >= Duration::from_millis(200), "two windows were waited for");
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn every_call_may_run_in_a_task_of_its_own() {
    fn task(_: impl Future + Send + 'static) {}

    let session = client(settings(&Server::nobody().await)).session();
    let (path, body) = ("x", &*Box::leak(Box::new(json!({}))));
    let it: &'static _ = Box::leak(Box::new(session));
    task(it.object(path, Id::from(1), "id"));
    task(it.list(path, &[], &["users"], |row| Ok(Some(row))));
    task(it.delete(path));
    task(it.post(path, body));
    task(it.post_once(path, body, |_| ()));
}

#[test]
fn invalid_settings_are_rejected() {
    use super::super::{Client, Settings};
    use crate::secret::Secret;

    for (key, agent, reads, expected) in [
        ("", "agent", 4, "the API key is empty"),
        ("line\nfeed", "agent", 4, "contains a line break"),
        ("k\u{e9}y", "agent", 4, "characters that are not allowed in a key"),
        ("a-good-key", "a\nb", 4, "user agent"),
        ("a-good-key", "agent", 0, "from 1 to 32"),
        ("a-good-key", "agent", 33, "from 1 to 32"),
    ] {
        let mut settings = Settings::new(Secret::new(key));
        settings.user_agent = agent.into();
        settings.max_concurrent_requests = reads;
        let error = Client::new(settings).map(|_| ()).expect_err(expected).to_string();
        assert!(error.contains(expected) && !error.contains("feed"), "{error}");
    }
}
