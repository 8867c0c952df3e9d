//! Keys are neither in the log, at any level, nor in errors.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use super::server::{Act, Server, error, json};
use super::{KEY, session};

/// Everything that is logged, line by line.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        struct Text(String);
        impl Visit for Text {
            fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
                self.0.push_str(&format!("{}={value:?} ", field.name()));
            }
        }
        let mut text = Text(format!("{} ", event.metadata().level()));
        event.record(&mut text);
        self.0.lock().unwrap().push(text.0);
    }
}

#[tokio::test]
async fn everything_but_secrets_is_logged() {
    let log = Log::default();
    // With a single subscriber, tracing decides on the first thread that logs whether events are enabled,
    // and that may be the thread of another test. With a second one, it decides on each thread.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(log.clone()));
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
    let texts = log.0.lock().unwrap().join("\n");
    for secret in [KEY, "THE-NEW-KEY", "ANOTHER-KEY", "OF-THE-REQUEST", "ada@example.com"] {
        assert!(!texts.contains(secret), "{secret} is in {texts}");
    }
    assert!(!format!("{error} {error:?}").contains(KEY));
    for part in [
        "DEBUG message=HTTP 201 from `POST account` after",
        r#"TRACE message=POST account sends {"name":"Example","password":"(redacted)"}"#,
        r#"TRACE message=POST account received {"api_key":"(redacted)","echo":"(redacted)","id":7}"#,
        "received 34 bytes that are not JSON",
        "INFO message=HTTP 503 from `PUT user`: bad key (redacted): No (CertCentral may",
        "retrying in",
    ] {
        assert!(texts.contains(part), "{part} is not in {texts}");
    }
}
