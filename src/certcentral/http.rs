//! One HTTP exchange: the only place that knows the key's header, TLS and proxies.

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName};
use reqwest::header::{HeaderValue, LOCATION, RETRY_AFTER};
use tokio::sync::{OnceCell, Semaphore};

use super::error::{Call, Error, TIMED_OUT};
use super::reply::{End, Reply};
use super::request::Request;
use super::retry::retry_after;
use super::settings::Settings;
use super::{BaseUrl, CaCertificate, proxy, redacted};
use crate::secret::Secret;

/// The two HTTP clients, made at the first request: reading the system's roots takes milliseconds
/// that a run without any call should not pay.
pub(super) struct Http {
    base_url: BaseUrl,
    headers: HeaderMap,
    timeout: Duration,
    ca_certificate: Option<CaCertificate>,
    pooled: OnceCell<reqwest::Client>,
    fresh: OnceCell<reqwest::Client>,
    /// Lets one large body at a time into memory.
    large: Arc<Semaphore>,
}

impl Http {
    /// Checks what becomes a header, and does nothing else yet.
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
            large: Arc::new(Semaphore::new(1)),
        })
    }

    /// Sends a request once and takes whatever comes back from the status line on.
    pub(super) async fn send(&self, request: &Request) -> Result<Reply, Error> {
        let started = Instant::now();
        let Request { call, body, .. } = request;
        tracing::trace!("{call} sends {}", redacted::body(body.as_deref().unwrap_or_default()));
        let reply = match self.start(request).await?.send().await {
            Ok(response) => self.receive(response, request.most_bytes).await,
            Err(error) => return Err(self.unanswered(call, &error)),
        };
        let (status, milliseconds) = (reply.status, started.elapsed().as_millis());
        tracing::debug!("{call} was answered with {status} after {milliseconds} ms");
        Ok(reply)
    }

    async fn start(&self, request: &Request) -> Result<reqwest::RequestBuilder, Error> {
        let Request { call, query, body, once, .. } = request;
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
        let failed = |error: reqwest::Error| Error::Settings(unusable(&error));
        if let Some(extra) = &self.ca_certificate {
            let certificates = extra.certificates().iter();
            let certificates: Result<Vec<_>, _> =
                certificates.map(|it| reqwest::Certificate::from_der(it)).collect();
            builder = builder.tls_certs_merge(certificates.map_err(failed)?);
        }
        adapt(builder).build().map_err(failed)
    }

    /// Reads the body chunk by chunk, keeping what came before a break.
    async fn receive(&self, mut response: reqwest::Response, most: usize) -> Reply {
        let header = |name| response.headers().get(name).and_then(|it| it.to_str().ok());
        let mut reply = Reply {
            status: response.status().as_u16(),
            content_type: header(CONTENT_TYPE).map(|text| redacted::shortened(text, 80)),
            location: header(LOCATION)
                .and_then(|text| response.url().join(text).ok())
                .and_then(|url| url.host_str().map(|host| redacted::shortened(host, 80))),
            retry_after: retry_after(header(RETRY_AFTER), header(DATE), SystemTime::now()),
            body: Vec::new(),
            end: End::Whole,
            alone: None,
        };
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if reply.body.len() + chunk.len() > most => {
                    reply.end = End::TooLarge(most >> 20);
                    return reply;
                }
                Ok(Some(chunk)) => append(&mut reply.body, &chunk, most),
                Ok(None) => return reply,
                Err(error) => {
                    reply.end = End::Cut(format!("it broke off: {}", root(&error)));
                    return reply;
                }
            }
            if reply.alone.is_none() && reply.body.len() > FREE_BYTES {
                // Nobody closes it, so there is always one to be had.
                reply.alone = Arc::clone(&self.large).acquire_owned().await.ok();
            }
        }
    }

    /// Tells from the failure of a request whether a byte of it may have left.
    fn unanswered(&self, call: &Call, error: &reqwest::Error) -> Error {
        let (call, host) = (call.clone(), self.base_url.host());
        let proxy = || proxy::on_the_way_to(&self.base_url);
        let cause = root(error);
        tracing::debug!("{call} failed: {cause}");
        match untrusted(error) {
            Some(cause) => Error::Untrusted { call, host, cause },
            None if error.is_connect() => {
                Error::NotReached { call, host, proxy: proxy(), cause: cause.into() }
            }
            None => Error::NoAnswer { call, cause },
        }
    }
}

/// The key as the value of a header, without the white space that files and pipelines put around it.
fn key(api_key: &Secret) -> Result<HeaderValue, Error> {
    // The filter of secrets learns this spelling, too, since it is the one that is sent.
    let api_key = Secret::new(api_key.expose().trim());
    let problem = match api_key.expose() {
        "" => "the API key is empty",
        key if key.contains(['\r', '\n']) => {
            "the API key contains a line break: it may be several lines of a file, or two keys; set it to \
             the one line of the key"
        }
        key => match HeaderValue::from_str(key) {
            Ok(header) if key.is_ascii() => return Ok(header),
            _ => "the API key contains characters that no key has; copy it again",
        },
    };
    Err(Error::Settings(problem.to_owned()))
}

/// Why there is no HTTP client.
fn unusable(error: &reqwest::Error) -> String {
    // The only general error of TLS at this point: nothing in the system's store could be read.
    let no_roots = matches!(innermost(error), Some(cause)
        if matches!(cause.downcast_ref(), Some(rustls::Error::General(_))));
    match no_roots {
        true => "this system has no CA certificates, so no server can be trusted: install them (on most \
                 Linux systems, the package ca-certificates), name a PEM file of them in SSL_CERT_FILE, or \
                 set ca_certificate"
            .to_owned(),
        false => format!("no HTTP client: {}", root(error)),
    }
}

/// A POST that returns a key waits at least so long: its answer comes once.
const KEY_TIMEOUT: Duration = Duration::from_secs(300);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Beyond so many bytes, a body is taken in only while no other one is so large.
const FREE_BYTES: usize = 1 << 20;

/// Appends to a buffer that never grows beyond `most` bytes.
fn append(body: &mut Vec<u8>, chunk: &[u8], most: usize) {
    let length = body.len() + chunk.len();
    if body.capacity() < length {
        body.reserve_exact((length * 2).min(most) - body.len());
    }
    body.extend_from_slice(chunk);
}

/// The innermost cause, which is what the operating system or TLS said. Never the address: its
/// query may hold what nobody wants in an error.
fn root(error: &reqwest::Error) -> String {
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
