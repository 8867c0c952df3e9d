//! A transport in place of HTTP, for simulations that run in one process on a clock of their own.

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use super::error::{Error, TIMED_OUT};
use super::request::Request;
use super::response::{BodyEnd, RawResponse};
use super::retry::retry_after;
use crate::secret::Secret;

/// Sends requests in place of HTTP. Everything above HTTP is the same: queues, rate limits, retries, time-outs.
pub trait Transport: Send + Sync {
    /// Sends a request once. Dropping the future does not take the request back.
    fn send<'a>(&'a self, sent: Sent<'a>) -> Sending<'a>;
}

/// The future of a request that was sent.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Received, Broken>> + Send + 'a>>;

/// A request as it would be sent.
pub struct Sent<'a> {
    /// `GET`, `PUT`, `POST` or `DELETE`.
    pub method: &'static str,
    /// Path below the base URL.
    pub path: &'a str,
    /// Names and values of the query, not encoded.
    pub query: &'a [(String, String)],
    /// The header `X-DC-DEVKEY`.
    pub api_key: &'a Secret,
    /// The body.
    pub body: Option<&'a [u8]>,
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

/// Why there is no response.
pub enum Broken {
    /// No connection was made, so nothing was sent.
    NotReached,
    /// The connection broke. The request may have taken effect.
    NoAnswer,
}

/// Sends a request once, as `Http::send` does.
pub(super) async fn send(
    transport: &dyn Transport,
    request: &Request,
    api_key: &Secret,
    timeout: Duration,
) -> Result<RawResponse, Error> {
    let Request { call, query, body, max_bytes, .. } = request;
    let body = body.as_deref();
    let sent = Sent { method: call.method, path: &call.path, query, api_key, body };
    let no_answer = |cause: &str| Error::NoAnswer { call: call.clone(), cause: cause.to_owned() };
    let received = match tokio::time::timeout(timeout, transport.send(sent)).await {
        Ok(Ok(received)) => received,
        Ok(Err(Broken::NoAnswer)) => return Err(no_answer("connection reset")),
        Ok(Err(Broken::NotReached)) => {
            let (host, cause) = ("the simulation".to_owned(), "connection refused".to_owned());
            return Err(Error::NotReached { call: call.clone(), host, proxy: None, cause });
        }
        Err(_elapsed) => return Err(no_answer(TIMED_OUT)),
    };
    let end = match received.complete {
        _ if received.body.len() > *max_bytes => BodyEnd::TooLarge(max_bytes >> 20),
        true => BodyEnd::Complete,
        false => BodyEnd::Broken("the connection broke: connection reset".to_owned()),
    };
    Ok(RawResponse {
        status: received.status,
        content_type: received.content_type,
        location: None,
        retry_after: retry_after(received.retry_after.as_deref(), None, SystemTime::now()),
        body: received.body,
        end,
        large: None,
    })
}
