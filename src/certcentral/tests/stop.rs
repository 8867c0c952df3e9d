//! A stop, as after the first Ctrl-C.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::Semaphore;

use super::super::Error;
use super::server::{Act, Server, answer, json};
use super::{client, settings};

#[tokio::test]
async fn a_write_being_sent_completes_and_waiting_calls_end() {
    let permits = Arc::new(Semaphore::new(0));
    let act = Act::Wait(permits.clone(), Box::new(json(200, r#"{"done":true}"#)));
    let server = Server::script(vec![act]).await;
    let client = client(settings(&server.url));

    let session = client.session();
    let on_its_way = tokio::spawn(async move { session.put("a", &json!({})).await });
    server.until(1).await;
    let session = client.session();
    let queued = tokio::spawn(async move { session.post("b", &json!({})).await });
    let session = client.session();
    let once = tokio::spawn(async move { session.post_once("c", &json!({}), |_| ()).await });
    tokio::task::yield_now().await;
    let old = client.session();

    client.stop();
    for refused in [queued.await.unwrap().map(drop), once.await.unwrap().map(drop)] {
        let error = refused.expect_err("stopped");
        assert!(matches!(error, Error::Stopped { last: None }) && !error.effect_unknown());
    }
    permits.add_permits(2);
    on_its_way.await.unwrap().expect("finished");

    let late = old.get("d", &[]).await.map(drop).expect_err("stopped before");
    assert!(matches!(late, Error::Stopped { .. }));
    client.session().put("e", &json!({})).await.expect("ready again");
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(lines, ["PUT /a", "PUT /e"]);
}

#[tokio::test]
async fn reads_and_their_queue_end() {
    let act = Act::Wait(Arc::new(Semaphore::new(0)), Box::new(json(200, "{}")));
    let server = Server::script(vec![act]).await;
    let client = client(settings(&server.url));
    let reads: Vec<_> = (0..6)
        .map(|_| {
            let session = client.session();
            tokio::spawn(async move { session.account().await.and(session.get("x", &[]).await) })
        })
        .collect();
    server.until(1).await;
    client.stop();
    for read in reads {
        let error = read.await.unwrap().map(drop).expect_err("stopped");
        assert!(matches!(error, Error::Stopped { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_pause_ends_and_the_error_names_the_previous_attempt() {
    let server = Server::script(vec![answer(503, "Retry-After: 200\r\n", "")]).await;
    let client = client(settings(&server.url));
    let session = client.session();
    let write = tokio::spawn(async move { session.put("x", &json!({})).await.map(drop) });
    server.until(1).await;
    client.stop();
    let error = write.await.unwrap().expect_err("stopped");
    assert!(matches!(error, Error::Stopped { last: Some(_) }), "{error}");
    assert!(
        error.effect_unknown()
            && error.to_string().contains("previous attempt: HTTP 503 from `PUT x`")
    );
}

#[tokio::test]
async fn a_wait_for_the_rate_limit_ends() {
    let server = Server::script(vec![json(200, "{}")]).await;
    let mut settings = settings(&server.url);
    settings.rate_limits = vec!["1/1h".parse().unwrap()];
    let client = client(settings);
    client.session().get("x", &[]).await.expect("the first one");
    let session = client.session();
    let paced = tokio::spawn(async move { session.put("x", &json!({})).await.map(drop) });
    tokio::task::yield_now().await;
    client.stop();
    let error = paced.await.unwrap().expect_err("stopped");
    assert!(matches!(error, Error::Stopped { last: None }), "{error}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_wait_for_something_else_ends() {
    let client = client(settings(&Server::nobody().await));
    let lock = tokio::sync::Mutex::new(());
    let held = lock.lock().await;
    let session = client.session();
    let waiting = session.unless_stopped(lock.lock());
    client.stop();
    assert!(matches!(waiting.await, Err(Error::Stopped { last: None })));
    drop(held);
    assert!(client.session().unless_stopped(lock.lock()).await.is_ok());
}
