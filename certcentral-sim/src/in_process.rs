//! A simulator without a network, for simulations that make millions of requests on a clock of their own.

use std::future::poll_fn;
use std::ops::Deref;
use std::pin::Pin;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderName, Request, Response, header};
use http_body::Body as _;
use tower::ServiceExt as _;

use crate::clock::Clock;
use crate::connection::Link;
use crate::exchange::PREFIX;
use crate::handle::Handle;
use crate::options::Options;
use crate::sim::router;

/// A simulator that its caller runs: it has no thread, and its delays are on the clock of the caller's runtime. Its keys
/// and dates are always the same: its clock stands still until [`Handle::clock_advance`].
pub struct InProcess {
    handle: Handle,
    router: Router,
}

/// A request without a connection.
pub struct Sent<'a> {
    /// The method.
    pub method: &'a str,
    /// Path below `/services/v2`, with its query if it has one.
    pub path_and_query: &'a str,
    /// The header `X-DC-DEVKEY`.
    pub key: &'a str,
    /// The body.
    pub body: Option<Vec<u8>>,
}

/// What arrives in response.
pub struct Received {
    /// The status.
    pub status: u16,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The body, as far as it was received.
    pub body: Vec<u8>,
    /// Whether that is all of it.
    pub complete: bool,
}

impl InProcess {
    /// A simulator without a network. The option `port` is ignored.
    pub fn new(options: Options) -> Self {
        let handle = Handle::new(options);
        handle.with(|world| (world.clock, world.derives_keys) = (Clock::stopped(), true));
        let router = router(handle.server.clone());
        Self { handle, router }
    }

    /// Answers a request; `None` if a fault has broken the connection before anything was received.
    pub async fn send(&self, sent: Sent<'_>) -> Option<Received> {
        let link = Link::default();
        let uri = format!("{PREFIX}/{}", sent.path_and_query.trim_start_matches('/'));
        let request = Request::builder()
            .method(sent.method)
            .uri(uri)
            .header("x-dc-devkey", sent.key)
            .header(header::CONTENT_TYPE, "application/json")
            .extension(ConnectInfo(link.clone()))
            .body(sent.body.map_or_else(Body::empty, Body::from));
        // A path that is no URI cannot be sent by any client.
        let Ok(answered) = self.router.clone().oneshot(request.ok()?).await;
        if link.is_cut() { None } else { Some(receive(answered).await) }
    }
}

async fn receive(response: Response<Body>) -> Received {
    let (head, mut body) = response.into_parts();
    let mut received = Received {
        status: head.status.as_u16(),
        content_type: text(&head.headers, header::CONTENT_TYPE),
        retry_after: text(&head.headers, header::RETRY_AFTER),
        body: Vec::new(),
        complete: true,
    };
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        match frame.map(|it| it.into_data()) {
            Ok(Ok(bytes)) => received.body.extend_from_slice(&bytes),
            Ok(Err(_trailers)) => {}
            Err(_) => {
                received.complete = false;
                break;
            }
        }
    }
    received
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).and_then(|it| it.to_str().ok()).map(str::to_owned)
}

impl Deref for InProcess {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        &self.handle
    }
}
