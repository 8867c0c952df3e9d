//! HTTP exchanges. Only this file deals with the header of the API key, TLS and connections.

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName};
use reqwest::header::{HeaderValue, LOCATION, RETRY_AFTER};
use tokio::sync::{OnceCell, Semaphore};

use super::base_url::BaseUrl;
use super::ca_certificate::CaCertificate;
use super::error::{Call, Error, TIMED_OUT};
use super::request::Request;
use super::response::{BodyEnd, RawResponse};
use super::retry::retry_after;
use super::settings::Settings;
use super::transport::{self, Transport};
use super::{proxy, redacted};
use crate::secret::Secret;

/// The two HTTP clients. They are created for the first request, because reading the system's CA
/// certificates takes several milliseconds.
pub(super) struct Http {
    base_url: BaseUrl,
    headers: HeaderMap,
    timeout: Duration,
    ca_certificate: Option<CaCertificate>,
    /// Keeps connections open.
    pooled: OnceCell<reqwest::Client>,
    /// Opens a connection for each request.
    fresh: OnceCell<reqwest::Client>,
    /// Allows one large body in memory at a time.
    large: Arc<Semaphore>,
    /// Sends the requests of a simulation, with this key.
    simulated: Option<(Arc<dyn Transport>, Secret)>,
}

impl Http {
    /// Checks the values that become headers. Nothing is sent.
    pub(super) fn new(settings: &Settings) -> Result<Self, Error> {
        proxy::check(&settings.base_url, |name| std::env::var(name).ok())?;
        let mut key = key(&settings.api_key)?;
        key.set_sensitive(true);
        let agent = HeaderValue::from_str(&settings.user_agent)
            .map_err(|_| Error::Settings("the user agent cannot be sent in a header".into()))?;
        let json = HeaderValue::from_static("application/json");
        let headers = [
            (HeaderName::from_static("x-dc-devkey"), key),
            (reqwest::header::USER_AGENT, agent),
            // The API responds in the content type of the request, so requests without a body have one too.
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
            large: Arc::new(Semaphore::new(1)),
            simulated: settings.transport.clone().map(|it| (it, settings.api_key.clone())),
        })
    }

    /// Sends a request once. Any response is returned, even if its body is incomplete.
    pub(super) async fn send(&self, request: &Request) -> Result<RawResponse, Error> {
        let started = Instant::now();
        let Request { call, body, .. } = request;
        log::trace!("{call} sends {}", redacted::body(body.as_deref().unwrap_or_default()));
        if let Some((transport, key)) = &self.simulated {
            return transport::send(&**transport, request, key, self.timeout_of(request)).await;
        }
        let response = match self.prepare(request).await?.send().await {
            Ok(response) => self.receive(response, request.max_bytes).await,
            Err(error) => return Err(self.send_error(call, &error)),
        };
        let (status, milliseconds) = (response.status, started.elapsed().as_millis());
        log::debug!("HTTP {status} from `{call}` after {milliseconds} ms");
        Ok(response)
    }

    async fn prepare(&self, request: &Request) -> Result<reqwest::RequestBuilder, Error> {
        let Request { call, query, body, returns_key, .. } = request;
        let query = query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let url = self.base_url.join(&call.path, query);
        let method = match call.method {
            "PUT" => reqwest::Method::PUT,
            "POST" => reqwest::Method::POST,
            "DELETE" => reqwest::Method::DELETE,
            _ => reqwest::Method::GET,
        };
        // A POST opens a connection. On a connection that was kept open, the server may be closing it, and
        // then it is unknown whether the request was received.
        let client = if call.method == "POST" {
            let build = async || self.build(|it| it.pool_max_idle_per_host(0).http1_only());
            self.fresh.get_or_try_init(build).await?
        } else {
            self.pooled.get_or_try_init(async || self.build(|it| it)).await?
        };
        let mut builder = client.request(method, url).timeout(self.timeout_of(request));
        if *returns_key {
            // Of a compressed body that breaks off, the received part could not be decoded completely.
            builder = builder.header(ACCEPT_ENCODING, "identity");
        }
        Ok(match body {
            Some(body) => builder.body(body.clone()),
            None => builder,
        })
    }

    fn timeout_of(&self, request: &Request) -> Duration {
        if request.returns_key { self.timeout.max(KEY_TIMEOUT) } else { self.timeout }
    }

    fn build(
        &self,
        adapt: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Result<reqwest::Client, Error> {
        // This fails only if a crypto provider is installed already, and no other one is linked.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .default_headers(self.headers.clone())
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            // A redirected request would send the API key to another server.
            .redirect(reqwest::redirect::Policy::none())
            // Retries are decided by `retry` alone.
            .retry(reqwest::retry::never())
            // Shorter than the total time-out, so that a failed connection is not reported as a missing response.
            .connect_timeout((self.timeout / 2).min(CONNECT_TIMEOUT))
            .tcp_keepalive(Duration::from_secs(30));
        if !self.base_url.has_tls() {
            // No certificate will be checked, so that the system's CA certificates need not be read.
            builder = builder.tls_certs_only([]);
        }
        if self.base_url.is_loopback() {
            // A loopback host may use http, and a proxy would then receive the API key unencrypted.
            builder = builder.no_proxy();
        }
        let failed = |error: reqwest::Error| Error::Settings(build_error(&error));
        if let Some(extra) = &self.ca_certificate {
            let certificates = extra.certificates().iter();
            let certificates: Result<Vec<_>, _> =
                certificates.map(|it| reqwest::Certificate::from_der(it)).collect();
            builder = builder.tls_certs_merge(certificates.map_err(failed)?);
        }
        adapt(builder).build().map_err(failed)
    }

    /// Receives the body in chunks. If the connection breaks, the chunks so far are kept.
    async fn receive(&self, mut response: reqwest::Response, max: usize) -> RawResponse {
        let header = |name| response.headers().get(name).and_then(|it| it.to_str().ok());
        let mut received = RawResponse {
            status: response.status().as_u16(),
            content_type: header(CONTENT_TYPE).map(|text| redacted::shortened(text, 80)),
            location: header(LOCATION)
                .and_then(|text| response.url().join(text).ok())
                .and_then(|url| url.host_str().map(|host| redacted::shortened(host, 80))),
            retry_after: retry_after(header(RETRY_AFTER), header(DATE), SystemTime::now()),
            body: Vec::new(),
            end: BodyEnd::Complete,
            large: None,
        };
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if received.body.len() + chunk.len() > max => {
                    received.end = BodyEnd::TooLarge(max >> 20);
                    return received;
                }
                Ok(Some(chunk)) => append(&mut received.body, &chunk, max),
                Ok(None) => return received,
                Err(error) => {
                    received.end =
                        BodyEnd::Broken(format!("the connection broke: {}", cause(&error)));
                    return received;
                }
            }
            if received.large.is_none() && received.body.len() > LARGE_BYTES {
                // The semaphore is never closed, so this never fails.
                received.large = Arc::clone(&self.large).acquire_owned().await.ok();
            }
        }
    }

    /// The error of a request without a response. It states whether a part of the request may have been sent.
    fn send_error(&self, call: &Call, error: &reqwest::Error) -> Error {
        let (call, host) = (call.clone(), self.base_url.host());
        let proxy = || proxy::proxy_for(&self.base_url);
        let cause = cause(error);
        log::debug!("{call} failed: {cause}");
        match untrusted(error) {
            Some(cause) => Error::Untrusted { call, host, cause },
            None if error.is_connect() => Error::NotReached { call, host, proxy: proxy(), cause },
            None => Error::NoAnswer { call, cause },
        }
    }
}

/// The API key as a header value, without white space around it.
fn key(api_key: &Secret) -> Result<HeaderValue, Error> {
    // This adds the trimmed key to the redaction filter, because it is what is sent.
    let api_key = Secret::new(api_key.expose().trim());
    let problem = match api_key.expose() {
        "" => "the API key is empty",
        key if key.contains(['\r', '\n']) => {
            "the API key contains a line break, so it may be two keys or several lines of a file; set it to \
             one key"
        }
        key => match HeaderValue::from_str(key) {
            Ok(header) if key.is_ascii() => return Ok(header),
            _ => "the API key contains characters that are not allowed in a key; copy it again",
        },
    };
    Err(Error::Settings(problem.to_owned()))
}

/// Why no HTTP client can be created.
fn build_error(error: &reqwest::Error) -> String {
    // At this point, TLS reports a general error only if the system has no CA certificates.
    let no_roots = matches!(innermost(error), Some(cause)
        if matches!(cause.downcast_ref(), Some(rustls::Error::General(_))));
    match no_roots {
        true => "this system has no CA certificates, so no server can be trusted: install them (on most \
                 Linux systems, the package ca-certificates), set SSL_CERT_FILE to a PEM file, or set \
                 ca_certificate"
            .to_owned(),
        false => format!("cannot create an HTTP client: {}", cause(error)),
    }
}

/// Minimum time-out of a POST that returns a key, because the key is returned only once.
const KEY_TIMEOUT: Duration = Duration::from_secs(300);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Only one body at a time may be larger than this.
const LARGE_BYTES: usize = 1 << 20;

/// Appends to a buffer whose capacity never exceeds `max` bytes.
fn append(body: &mut Vec<u8>, chunk: &[u8], max: usize) {
    let length = body.len() + chunk.len();
    if body.capacity() < length {
        body.reserve_exact((length * 2).min(max) - body.len());
    }
    body.extend_from_slice(chunk);
}

/// The innermost cause, as reported by the operating system or by TLS. The outer errors contain the URL,
/// whose query may be confidential.
fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return TIMED_OUT.to_owned();
    }
    match innermost(error) {
        Some(cause) => redacted::shortened(&cause.to_string(), 300),
        None => "the request could not be sent".to_owned(),
    }
}

fn innermost(error: &reqwest::Error) -> Option<&(dyn std::error::Error + 'static)> {
    let mut cause = error.source()?;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Some(cause)
}

/// Why TLS does not trust the server, if this is the cause. A retry would not help.
fn untrusted(error: &reqwest::Error) -> Option<String> {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(rustls::Error::InvalidCertificate(reason)) = error.downcast_ref() {
            return Some(redacted::shortened(&reason.to_string(), 300));
        }
        next = match error.downcast_ref::<std::io::Error>() {
            // `source()` of an I/O error skips the error inside it.
            Some(outer) => outer.get_ref().map(|inner| inner as &(dyn std::error::Error + 'static)),
            None => error.source(),
        };
    }
    None
}
