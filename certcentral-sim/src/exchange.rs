//! Processes a request: records it, applies a fault, sends the response.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, OriginalUri, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use serde_json::Value;

use crate::call::Endpoint;
use crate::connection::{Cut, CutBody, Link};
use crate::fault::{FaultKind, Strike};
use crate::reply::{Refusal, Reply};
use crate::server::{Incoming, Server};

/// State that the handlers share.
pub(crate) type Shared = Arc<Server>;

/// Path of the API on its host.
pub(crate) const PREFIX: &str = "/services/v2";

/// Size limit of request bodies, in bytes.
const BODY_LIMIT: usize = 4 << 20;

type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Turns an endpoint into a handler.
pub(crate) fn exchange(
    endpoint: Endpoint,
) -> impl Fn(State<Shared>, ConnectInfo<Link>, RawPathParams, OriginalUri, Request) -> Answering
+ Clone
+ Send
+ Sync
+ 'static {
    move |State(server), ConnectInfo(link), parameters, OriginalUri(uri), request| {
        Box::pin(async move {
            let parameter = parameters.iter().next().map(|(_, value)| value.to_owned());
            match read(request, &uri, parameter).await {
                Ok(incoming) => serve(&server, &link, &incoming, endpoint).await,
                // The caller disconnected while sending, or the body is too large.
                Err(_) => respond(StatusCode::BAD_REQUEST, None),
            }
        })
    }
}

async fn read(
    request: Request,
    uri: &Uri,
    parameter: Option<String>,
) -> Result<Incoming, axum::Error> {
    let (parts, body) = request.into_parts();
    let text = |name: HeaderName| header_text(&parts.headers, &name);
    let path = uri.path();
    Ok(Incoming {
        path: path.strip_prefix(PREFIX).unwrap_or(path).to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        parameter,
        key: text(HeaderName::from_static("x-dc-devkey")),
        user_agent: text(header::USER_AGENT),
        content_type: text(header::CONTENT_TYPE),
        body: axum::body::to_bytes(body, BODY_LIMIT).await?,
        method: parts.method,
    })
}

fn header_text(headers: &HeaderMap, name: &HeaderName) -> String {
    headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned()
}

async fn serve(server: &Server, link: &Link, incoming: &Incoming, endpoint: Endpoint) -> Response {
    let (number, strike) = server.arrive(incoming);
    let Some(strike) = strike else {
        return genuine(server, number, server.answer(number, incoming, endpoint, true));
    };
    if matches!(strike.kind, FaultKind::Delay(_) | FaultKind::Hold) {
        let early = strike.effect.then(|| server.answer(number, incoming, endpoint, true));
        match strike.kind {
            FaultKind::Delay(delay) => tokio::time::sleep(delay).await,
            _ => strike.cleared().await,
        }
        let reply = early.unwrap_or_else(|| server.answer(number, incoming, endpoint, true));
        return genuine(server, number, reply);
    }
    let Strike { kind, effect, .. } = strike;
    if let FaultKind::OtherObject { id } = kind {
        let other = Incoming { parameter: Some(id.to_string()), ..incoming.clone() };
        return genuine(server, number, server.answer(number, &other, endpoint, true));
    }
    let reply = server.answer(number, incoming, endpoint, effect);
    let response = strike_down(kind, reply, link).await;
    let sent = response.as_ref().map_or(0, |it| it.status().as_u16());
    server.sent(number, sent);
    // The default response is never written, since the link is cut.
    response.unwrap_or_default()
}

fn genuine(server: &Server, number: u64, reply: Reply) -> Response {
    server.sent(number, reply.status.as_u16());
    respond(reply.status, reply.body.as_ref())
}

/// The response that replaces the reply; `None` if no response is sent.
async fn strike_down(kind: FaultKind, reply: Reply, link: &Link) -> Option<Response> {
    match kind {
        FaultKind::Status { status, code, body, retry_after } => {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            Some(refuse(status, code, body, retry_after.as_deref()))
        }
        FaultKind::Body { status, content_type, body } => {
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
            set(&mut response, header::CONTENT_TYPE, &content_type);
            Some(response)
        }
        FaultKind::Truncated { bytes } => truncate(&reply, bytes).or_else(|| {
            link.cut(Cut::Close);
            None
        }),
        FaultKind::Reset => {
            link.cut(Cut::Reset);
            None
        }
        FaultKind::Close => {
            link.cut(Cut::Close);
            None
        }
        // Only `Hang` reaches this arm: the others have been handled before.
        FaultKind::Hang
        | FaultKind::Hold
        | FaultKind::Delay(_)
        | FaultKind::OtherObject { .. }
        | FaultKind::Storm { .. } => pending().await,
    }
}

fn refuse(
    status: StatusCode,
    code: Option<String>,
    body: Option<Value>,
    retry_after: Option<&str>,
) -> Response {
    let refusal = Refusal::usual(status);
    let usual = Reply::from(match code {
        Some(code) => refusal.with_code(code),
        None => refusal,
    });
    let mut response = respond(status, body.or(usual.body).as_ref());
    if let Some(retry_after) = retry_after {
        set(&mut response, header::RETRY_AFTER, retry_after);
    }
    response
}

/// The first bytes of the reply, with the `Content-Length` of all.
fn truncate(reply: &Reply, bytes: usize) -> Option<Response> {
    let whole = Bytes::from(reply.body.as_ref()?.to_string());
    let start = whole.slice(..bytes.min(whole.len().saturating_sub(1)));
    let length = u64::try_from(whole.len()).unwrap_or(u64::MAX);
    let mut response = Response::new(Body::new(CutBody::new(start, length)));
    *response.status_mut() = reply.status;
    set(&mut response, header::CONTENT_TYPE, "application/json");
    Some(response)
}

fn respond(status: StatusCode, body: Option<&Value>) -> Response {
    let mut response = Response::new(body.map_or_else(Body::empty, |it| it.to_string().into()));
    *response.status_mut() = status;
    if body.is_some() {
        set(&mut response, header::CONTENT_TYPE, "application/json");
    }
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
