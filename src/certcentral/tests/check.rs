//! The check of the settings.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::super::{Client, Error, Id, WrongSetting};
use super::server::{Act, Server, error, json};
use super::{client, settings, tls};

fn client_of(url: &str, account_id: u64) -> Client {
    let mut settings = settings(url);
    settings.account_id = Some(Id::from(account_id));
    client(settings)
}

#[tokio::test]
async fn the_account_is_requested_only_once() {
    let server = Server::script(vec![error(503, ""), json(200, r#"{"id":17}"#)]).await;
    let client = client_of(&server.url, 17);
    assert!(client.check().await.is_ok());
    assert_eq!(server.count(), 2, "one attempt and one repetition");
    client.session().get("user/1", &[]).await.expect("the right account");
    assert_eq!(client.session().account().await.expect("known").id, Id::from(17));
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(lines[2..], ["GET /user/1"]);
}

#[tokio::test]
async fn another_account_is_reported_and_rejected() {
    let server = Server::script(vec![json(200, r#"{"id":17}"#)]).await;
    let client = client_of(&server.url, 18);
    let wrong = client.check().await.expect_err("another account");
    assert!(matches!(wrong, WrongSetting::AccountId { found } if found == Id::from(17)));
    let error = client.session().delete("user/1").await.expect_err("another account");
    assert!(matches!(error, Error::WrongAccount { .. }));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn after_a_temporary_failure_the_first_call_reads_the_account() {
    let acts = vec![error(503, ""), error(503, ""), json(200, r#"{"id":17}"#)];
    let server = Server::script(acts).await;
    let client = client_of(&server.url, 17);
    assert!(client.check().await.is_ok());
    client.session().get("user/1", &[]).await.expect("the right account");
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(lines[2..], ["GET /account", "GET /user/1"]);
}

#[tokio::test]
async fn an_untrusted_certificate_and_a_wrong_address_are_distinguished() {
    let (url, pem, _) = tls::server().await;
    let mut settings = settings(&url);
    let wrong = client(settings.clone()).check().await.expect_err("not trusted");
    assert!(matches!(wrong, WrongSetting::CaCertificate(Error::Untrusted { .. })), "{wrong:?}");
    settings.ca_certificate = Some(pem.parse().unwrap());
    assert!(client(settings).check().await.is_ok(), "what answers has no id, which proves nothing");
    let nobody = client(super::settings(&Server::nobody().await));
    let wrong = nobody.check().await.expect_err("nobody listens");
    assert!(matches!(wrong, WrongSetting::BaseUrl(Error::NotReached { .. })), "{wrong:?}");
}

#[tokio::test]
async fn a_server_that_does_not_respond_ends_the_check_after_15_seconds() {
    let silence = Act::Wait(Arc::new(Semaphore::new(0)), Box::new(json(200, "{}")));
    let server = Server::script(vec![silence]).await;
    let (begin, client) = (Instant::now(), client(settings(&server.url)));
    let check = tokio::spawn(async move { client.check().await });
    server.until(1).await;
    tokio::time::pause();
    check.await.unwrap().expect("a time-out says nothing about the settings");
    let waited = begin.elapsed().as_secs();
    assert!((14..=16).contains(&waited), "{waited} s");
}

/// Like a firewall that drops all packets: the first attempt ends after 10 seconds, and the second one
/// exceeds the time-out of the check.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_address_that_never_responds_is_a_failed_connection() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Once the queue is full, further connections get no response.
    let mut queue = Vec::new();
    while let Ok(Ok(connection)) = tokio::time::timeout(
        std::time::Duration::from_millis(100),
        tokio::net::TcpStream::connect(address),
    )
    .await
    {
        queue.push(connection);
    }
    tokio::time::pause();
    let begin = Instant::now();
    let client = client(settings(&format!("http://{address}/v2")));
    let wrong = client.check().await.expect_err("no connection");
    assert!(matches!(wrong, WrongSetting::BaseUrl(Error::NotReached { .. })), "{wrong:?}");
    assert_eq!(begin.elapsed().as_secs(), 15);
}
