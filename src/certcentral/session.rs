//! The HTTP methods.

use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;

use super::account::AccountInfo;
use super::answer::Answer;
use super::error::Error;
use super::id::Id;
use super::key_answer::KeyAnswer;
use super::list_cache::ListCaches;
use super::redacted;
use super::request::Request;
use super::response::RawResponse;
use super::retries::Retries;
use super::retry::may_repeat;
use super::shared::Shared;
use super::stop::Stop;
use crate::secret::Secret;

/// A call of the API.
///
/// On the heap: otherwise every operation that may send a request would contain this future of up to 20 KiB and its code,
/// several times, and the future would be copied even if the operation sends none.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// A handle for one operation. The next [`Client::stop`](super::Client::stop) ends its waits.
///
/// Paths are relative to the base URL and have no query. Every method may return any [`Error`]. The
/// documentation of a method lists only the errors that are special to it.
#[derive(Clone)]
pub struct Session {
    pub(super) shared: Arc<Shared>,
    stop: Stop,
    trusts_lists: bool,
}

impl Session {
    pub(super) fn new(shared: Arc<Shared>, stop: Stop) -> Self {
        let trusts_lists = shared.refresh_from_lists;
        Self { shared, stop, trusts_lists }
    }

    /// Reads an object. The query is encoded here: `("filters[search]", "%text")`.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] also if the response is empty or not JSON.
    pub fn get(&self, path: &str, query: &[(&str, &str)]) -> Pending<'_, Answer> {
        self.answered(Request::new("GET", path, query, None), true)
    }

    /// Reads the object with this ID below a path. `None` if the API reports that it does not exist
    /// ([`Error::is_not_found`]).
    ///
    /// # Errors
    ///
    /// [`Error::OtherObject`] if the field `id_field` of the response has another ID, or none. Such a
    /// response must not become the state of this object.
    pub fn object(
        &self,
        path: &str,
        id: Id,
        id_field: &'static str,
    ) -> Pending<'_, Option<Answer>> {
        let answer = self.get(&format!("{path}/{id}"), &[]);
        Box::pin(async move {
            let answer = match answer.await {
                Ok(answer) => answer,
                Err(error) if error.is_not_found() => return Ok(None),
                Err(error) => return Err(error),
            };
            match answer.id(id_field).ok() {
                Some(found) if found == id => Ok(Some(answer)),
                found => {
                    let call = answer.call().clone();
                    Err(Error::OtherObject { call, requested: id, found, id_field })
                }
            }
        })
    }

    /// Updates an object. If the body is null, the request has none. An empty response becomes null.
    pub fn put(&self, path: &str, body: &Value) -> Pending<'_, Answer> {
        let body = Some(body).filter(|body| !body.is_null());
        self.answered(Request::new("PUT", path, &[], body), false)
    }

    /// Creates an object. An empty response becomes null.
    ///
    /// Retried only if the request certainly had no effect; see [`Error::effect_unknown`].
    pub fn post(&self, path: &str, body: &Value) -> Pending<'_, Answer> {
        self.answered(Request::new("POST", path, &[], Some(body)), false)
    }

    /// Creates an object whose API key is returned only in this response.
    ///
    /// The time-out is at least five minutes, and an incomplete body of a success is accepted. `record`
    /// receives the bytes of the response before they are used for anything else.
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswer`] also for a success that has neither an ID nor a key.
    pub async fn post_once(
        &self,
        path: &str,
        body: &Value,
        record: impl FnOnce(&[u8]) + Send,
    ) -> Result<KeyAnswer, Error> {
        let mut request = Request::new("POST", path, &[], Some(body));
        request.returns_key = true;
        let response = self.guarded(&request).await?;
        record(&response.body);
        let answer = KeyAnswer::from_bytes(path, &response.body);
        log::trace!("{} received {}", request.call, redacted::body(&response.body));
        if !answer.is_usable() {
            let reported = answer.answer.as_ref().and_then(Answer::reported);
            let reported = reported.map(|it| format!(", but with an error: {it}"));
            let cause = format!(
                "HTTP {} without an ID or an API key{}",
                response.status,
                reported.unwrap_or_default()
            );
            return Err(Error::NoAnswer { call: request.call, cause });
        }
        Ok(answer)
    }

    /// Deletes an object. Returns whether it existed; if it does not, that is no error.
    pub fn delete(&self, path: &str) -> Pending<'_, bool> {
        let request = Request::new("DELETE", path, &[], None);
        Box::pin(async move {
            match self.guarded(&request).await {
                Ok(response) => response.answer(&request.call, false).map(|_| true),
                Err(error) if error.is_not_found() => Ok(false),
                Err(error) => Err(error),
            }
        })
    }

    /// Sends a request, and decodes the response.
    fn answered(&self, request: Request, needs_body: bool) -> Pending<'_, Answer> {
        Box::pin(async move { self.guarded(&request).await?.answer(&request.call, needs_body) })
    }

    /// The pauses of a call that the caller retries.
    pub fn retries(&self) -> Retries {
        Retries::new(self.stop.clone(), self.shared.budget())
    }

    /// The account the API key belongs to. Requested once, and again after a failure.
    ///
    /// Source: <https://dev.digicert.com/certcentral-apis/services-api/account/account-details.html>.
    ///
    /// # Errors
    ///
    /// [`Error::WrongAccount`] if `account_id` is another account.
    pub fn account(&self) -> Pending<'_, AccountInfo> {
        let request = async {
            let request = Request::new("GET", "account", &[], None);
            let answer = self.send(&request).await?.answer(&request.call, true)?;
            AccountInfo::from_answer(&answer)
        };
        Box::pin(async {
            // Waiting for the request of another session also ends with a stop of this one.
            let account = self.unless_stopped(self.shared.account.get(request)).await??;
            match self.shared.account_id {
                Some(expected) if expected != account.id => {
                    Err(Error::WrongAccount { expected, found: account.id })
                }
                _ => Ok(account),
            }
        })
    }

    /// The ID of the account the API key belongs to, if an earlier call read it.
    pub fn known_account(&self) -> Option<Id> {
        self.shared.account.known().map(|account| account.id)
    }

    /// Sends a request, after checking that the API key belongs to the configured account.
    pub(super) fn guarded<'a>(&'a self, request: &'a Request) -> Pending<'a, RawResponse> {
        let call = &request.call;
        Box::pin(async move {
            let _write = call.is_write().then(|| self.list_caches().begin_write(&call.path));
            if self.shared.account_id.is_some() {
                self.account().await?;
            }
            self.send(request).await
        })
    }

    /// Sends a request, and retries it while that is safe and useful.
    fn send<'a>(&'a self, request: &'a Request) -> Pending<'a, RawResponse> {
        Box::pin(async move {
            let mut retries = self.retries();
            let mut earlier = None;
            loop {
                let error = match self.attempt(request).await {
                    Ok(response) => return Ok(response),
                    Err(error) => error.after(earlier.take()),
                };
                if request.optional || !may_repeat(request.call.method, &error) {
                    return Err(error);
                }
                earlier = Some(retries.pause(error).await?);
            }
        })
    }

    /// Waits for the queue and the rate limit, and sends a request once.
    pub(super) async fn attempt(&self, request: &Request) -> Result<RawResponse, Error> {
        let call = &request.call;
        // Held until the exchange ends. A queue is never closed, so the inner result is never an error.
        let _permit = self.unless_stopped(self.shared.queue(call.is_write()).acquire()).await?;
        self.unless_stopped(self.shared.rate_limiter.acquire()).await?;
        let exchange = self.shared.http.send(request);
        let response =
            if call.is_write() { exchange.await } else { self.unless_stopped(exchange).await? }?;
        if request.returns_key && (200..300).contains(&response.status) {
            // The caller stores the key before anything else. Even logging comes later.
            return Ok(response);
        }
        log::trace!("{call} received {}", redacted::body(&response.body));
        response.check_status(call)?.check_complete(call)
    }

    /// The setting `refresh_from_lists`: whether fields that the rows of a list lack are taken as unchanged.
    pub fn refreshes_from_lists(&self) -> bool {
        self.trusts_lists
    }

    /// The same handle, which does not take fields that the rows of a list lack as unchanged.
    #[must_use]
    pub fn without_trust_in_lists(self) -> Self {
        Self { trusts_lists: false, ..self }
    }

    /// Whether this is the API key that requests are sent with.
    pub fn uses_key(&self, key: &Secret) -> bool {
        self.shared.api_key == *key
    }

    pub(super) fn list_caches(&self) -> &ListCaches {
        &self.shared.list_caches
    }

    /// Waits for something other than the API, such as a lock, unless the client is stopped first.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub async fn unless_stopped<T>(&self, future: impl Future<Output = T>) -> Result<T, Error> {
        self.stop.unless_stopped(future).await
    }
}
