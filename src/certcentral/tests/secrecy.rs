//! Keys are neither in the log, at any level, nor in errors.

use std::cell::RefCell;

use log::{LevelFilter, Log, Metadata, Record};
use serde_json::json;

use super::server::{Act, Server, error, json};
use super::{KEY, session};

/// Keeps what is logged.
struct Lines;

thread_local! {
    /// What this thread has logged, line by line.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

impl Log for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = format!("{} {}", record.level(), record.args());
        LINES.with_borrow_mut(|lines| lines.push(line));
    }

    fn flush(&self) {}
}

#[tokio::test]
async fn everything_but_secrets_is_logged() {
    log::set_logger(&Lines).expect("no other test installs a logger");
    log::set_max_level(LevelFilter::Trace);
    let cut =
        "HTTP/1.1 201 Any\r\nContent-Length: 900\r\n\r\n{\"id\":7,\"api_key\":\"THE-NEW-KEY-CUT";
    let echo = format!("bad key {KEY}");
    let server = Server::script(vec![
        json(201, r#"{"id":7,"api_key":"THE-NEW-KEY","echo":"THE-NEW-KEY"}"#),
        Act::Cut(cut.into()),
        json(200, r#"{"note":"THE-NEW-KEY","users":[{"api_key":"ANOTHER-KEY"}]}"#),
        error(503, &echo),
        error(403, &echo),
    ])
    .await;
    let session = session(&server.url);
    let body = json!({"password": "OF-THE-REQUEST", "name": "Example"});
    for _ in 0..2 {
        session.post_once("account", &body, |_| ()).await.expect("an id");
    }
    session.get("user", &[("filters[email]", "ada@example.com")]).await.expect("read");
    let error = session.put("user", &body).await.map(drop).expect_err("refused");
    let texts = LINES.take().join("\n");
    for secret in [KEY, "THE-NEW-KEY", "ANOTHER-KEY", "OF-THE-REQUEST", "ada@example.com"] {
        assert!(!texts.contains(secret), "{secret} is in {texts}");
    }
    assert!(!format!("{error} {error:?}").contains(KEY));
    for part in [
        "DEBUG HTTP 201 from `POST account` after",
        r#"TRACE POST account sends {"name":"Example","password":"(redacted)"}"#,
        r#"TRACE POST account received {"api_key":"(redacted)","echo":"(redacted)","id":7}"#,
        "received 34 bytes that are not JSON",
        "INFO HTTP 503 from `PUT user`: bad key (redacted): No (CertCentral may",
        "retrying in",
    ] {
        assert!(texts.contains(part), "{part} is not in {texts}");
    }
}
