//! One HTTP exchange: the only place that knows the key's header, TLS and proxies.

use std::error::Error as _;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName};
use reqwest::header::{HeaderValue, LOCATION, RETRY_AFTER};
use tokio::sync::OnceCell;
use zeroize::{Zeroize as _, Zeroizing};

use super::error::{Call, Error};
use super::redacted;
use super::reply::{End, Reply};
use super::retry::retry_after;
use super::settings::Settings;
use super::{BaseUrl, CaCertificate};

/// A call with what it sends, to be sent as often as it takes.
pub(super) struct Request {
    pub(super) call: Call,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Option<Vec<u8>>,
    /// The answer holds a key that is shown once: wait longer, and take what there is.
    pub(super) once: bool,
}

/// The two HTTP clients, made at the first request: reading the system's roots takes milliseconds
/// that a run without any call should not pay.
pub(super) struct Http {
    base_url: BaseUrl,
    headers: HeaderMap,
    timeout: Duration,
    ca_certificate: Option<CaCertificate>,
    pooled: OnceCell<reqwest::Client>,
    fresh: OnceCell<reqwest::Client>,
}

impl Http {
    /// Checks what becomes a header, and does nothing else yet.
    pub(super) fn new(settings: &Settings) -> Result<Self, Error> {
        let mut key = HeaderValue::from_str(settings.api_key.expose())
            .ok()
            .filter(|key| !key.is_empty())
            .ok_or_else(|| {
                Error::Settings("the API key is empty or has characters no header can hold".into())
            })?;
        key.set_sensitive(true);
        let agent = HeaderValue::from_str(&settings.user_agent)
            .map_err(|_| Error::Settings("the user agent cannot be sent in a header".into()))?;
        let json = HeaderValue::from_static("application/json");
        let headers = [
            (HeaderName::from_static("x-dc-devkey"), key),
            (reqwest::header::USER_AGENT, agent),
            // The answer comes in the type of the request, so a request without a body has one too.
            (CONTENT_TYPE, json.clone()),
            (ACCEPT, json),
        ];
        Ok(Self {
            base_url: settings.base_url.clone(),
            headers: headers.into_iter().collect(),
            timeout: settings.request_timeout,
            ca_certificate: settings.ca_certificate.clone(),
            pooled: OnceCell::new(),
            fresh: OnceCell::new(),
        })
    }

    /// Sends a request once and takes whatever comes back from the status line on.
    pub(super) async fn send(&self, request: &Request) -> Result<Reply, Error> {
        let started = Instant::now();
        let Request { call, body, .. } = request;
        tracing::trace!("{call} sends {}", redacted::body(body.as_deref().unwrap_or_default()));
        let reply = match self.start(request).await?.send().await {
            Ok(response) => receive(response).await,
            Err(error) => return Err(self.unanswered(call, &error)),
        };
        let (status, milliseconds) = (reply.status, started.elapsed().as_millis());
        tracing::debug!("{call} was answered with {status} after {milliseconds} ms");
        Ok(reply)
    }

    async fn start(&self, request: &Request) -> Result<reqwest::RequestBuilder, Error> {
        let Request { call, query, body, once } = request;
        let query = query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let url = self.base_url.join(&call.path, query);
        let method = match call.method {
            "PUT" => reqwest::Method::PUT,
            "POST" => reqwest::Method::POST,
            "DELETE" => reqwest::Method::DELETE,
            _ => reqwest::Method::GET,
        };
        // A POST gets a connection of its own: on a kept one, a server that just hung up would
        // leave open whether the request arrived.
        let client = if call.method == "POST" {
            let build = async || self.build(|it| it.pool_max_idle_per_host(0).http1_only());
            self.fresh.get_or_try_init(build).await?
        } else {
            self.pooled.get_or_try_init(async || self.build(|it| it)).await?
        };
        let timeout = if *once { self.timeout.max(KEY_TIMEOUT) } else { self.timeout };
        let mut builder = client.request(method, url).timeout(timeout);
        if *once {
            // A compressed answer that breaks off cannot be read up to where it does.
            builder = builder.header(ACCEPT_ENCODING, "identity");
        }
        Ok(match body {
            Some(body) => builder.body(body.clone()),
            None => builder,
        })
    }

    fn build(
        &self,
        adapt: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Result<reqwest::Client, Error> {
        // An error only says that a provider is in place, which is this one: no other is linked.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .default_headers(self.headers.clone())
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            // Elsewhere the key would go along.
            .redirect(reqwest::redirect::Policy::none())
            // One place decides what is repeated.
            .retry(reqwest::retry::never())
            // Shorter than the whole, so that a missing connection is told from a missing answer.
            .connect_timeout((self.timeout / 2).min(CONNECT_TIMEOUT))
            .tcp_keepalive(Duration::from_secs(30));
        if self.base_url.is_loopback() {
            // The key may cross this machine in the clear, and not the way to a proxy.
            builder = builder.no_proxy();
        }
        let failed =
            |error: reqwest::Error| Error::Settings(format!("no HTTP client: {}", root(&error)));
        if let Some(extra) = &self.ca_certificate {
            let certificates = extra.certificates().iter();
            let certificates: Result<Vec<_>, _> =
                certificates.map(|it| reqwest::Certificate::from_der(it)).collect();
            builder = builder.tls_certs_merge(certificates.map_err(failed)?);
        }
        adapt(builder).build().map_err(failed)
    }

    /// Tells from the failure of a request whether a byte of it may have left.
    fn unanswered(&self, call: &Call, error: &reqwest::Error) -> Error {
        let (call, host) = (call.clone(), self.base_url.host());
        let cause = root(error);
        tracing::debug!("{call} failed: {cause}");
        match untrusted(error) {
            Some(cause) => Error::Untrusted { call, host, cause },
            None if error.is_connect() => Error::NotReached { call, host, cause },
            None => Error::NoAnswer { call, cause },
        }
    }
}

/// A POST that returns a key waits at least so long: its answer comes once.
const KEY_TIMEOUT: Duration = Duration::from_secs(300);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// More than the longest list a page can hold, and less than what fills a memory.
const BODY_MEBIBYTES: usize = 64;

/// Reads the body chunk by chunk, keeping what came before a break.
async fn receive(mut response: reqwest::Response) -> Reply {
    let header = |name| response.headers().get(name).and_then(|it| it.to_str().ok());
    let mut reply = Reply {
        status: response.status().as_u16(),
        content_type: header(CONTENT_TYPE).map(|text| redacted::shortened(text, 80)),
        location: header(LOCATION)
            .and_then(|text| response.url().join(text).ok())
            .and_then(|url| url.host_str().map(str::to_owned)),
        retry_after: retry_after(header(RETRY_AFTER), header(DATE), SystemTime::now()),
        body: Zeroizing::default(),
        end: End::Whole,
    };
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => append(&mut reply.body, &chunk),
            Ok(None) => return reply,
            Err(error) => {
                reply.end = End::Cut(format!("it broke off: {}", root(&error)));
                return reply;
            }
        }
        if reply.body.len() > BODY_MEBIBYTES << 20 {
            reply.end = End::TooLarge(BODY_MEBIBYTES);
            return reply;
        }
    }
}

/// Appends without leaving a copy behind where the buffer has to move.
fn append(body: &mut Zeroizing<Vec<u8>>, chunk: &[u8]) {
    if body.capacity() - body.len() < chunk.len() {
        let mut larger = Vec::with_capacity((body.len() + chunk.len()) * 2);
        larger.extend_from_slice(body);
        body.zeroize();
        **body = larger;
    }
    body.extend_from_slice(chunk);
}

/// The innermost cause, which is what the operating system or TLS said. Never the address: its
/// query may hold what nobody wants in an error.
fn root(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "timed out".to_owned();
    }
    let mut cause = error.source();
    while let Some(inner) = cause.and_then(std::error::Error::source) {
        cause = Some(inner);
    }
    match cause {
        Some(cause) => redacted::shortened(&cause.to_string(), 300),
        None => "the request could not be sent".to_owned(),
    }
}

/// Why TLS does not trust the server, if that is what went wrong: another attempt would not help.
fn untrusted(error: &reqwest::Error) -> Option<String> {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(rustls::Error::InvalidCertificate(reason)) = error.downcast_ref() {
            return Some(redacted::shortened(&reason.to_string(), 300));
        }
        next = match error.downcast_ref::<std::io::Error>() {
            // It hides the error inside it from `source()`.
            Some(outer) => outer.get_ref().map(|inner| inner as &(dyn std::error::Error + 'static)),
            None => error.source(),
        };
    }
    None
}
