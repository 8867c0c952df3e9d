//! The verbs.

use std::sync::Arc;

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::account::AccountInfo;
use super::answer::Answer;
use super::client::Shared;
use super::error::Error;
use super::id::Id;
use super::key_answer::KeyAnswer;
use super::redacted;
use super::reply::Reply;
use super::request::Request;
use super::retries::Retries;
use super::retry::may_repeat;
use super::sharing::Sharing;

/// One piece of work with the API; ends with the next [`Client::stop`](super::Client::stop).
///
/// Paths are relative to the base URL and hold no query. Every verb may fail with any [`Error`];
/// below is only what is special about one.
#[derive(Clone)]
pub struct Session {
    pub(super) shared: Arc<Shared>,
    stop: CancellationToken,
}

impl Session {
    pub(super) fn new(shared: Arc<Shared>, stop: CancellationToken) -> Self {
        Self { shared, stop }
    }

    /// Reads an object. The query is encoded here: `("filters[search]", "%text")`.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] also where the answer is empty or not JSON.
    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Answer, Error> {
        let request = Request::new("GET", path, query, None);
        self.guarded(&request).await?.answer(&request.call, true)
    }

    /// Reads the object with this ID below a path; `None` where the API says that it does not exist
    /// ([`Error::is_absent`]).
    ///
    /// # Errors
    ///
    /// [`Error::OtherObject`] where the answer has another ID in the field `id_field`, or none: such an
    /// answer must not become the state of this object.
    pub async fn object(
        &self,
        path: &str,
        id: Id,
        id_field: &'static str,
    ) -> Result<Option<Answer>, Error> {
        let answer = match self.get(&format!("{path}/{id}"), &[]).await {
            Ok(answer) => answer,
            Err(error) if error.is_absent() => return Ok(None),
            Err(error) => return Err(error),
        };
        match answer.id(id_field).ok() {
            Some(found) if found == id => Ok(Some(answer)),
            found => {
                let call = answer.call().clone();
                Err(Error::OtherObject { call, asked: id, found, id_field })
            }
        }
    }

    /// Changes an object. An empty answer is null.
    pub async fn put(&self, path: &str, body: &Value) -> Result<Answer, Error> {
        let request = Request::new("PUT", path, &[], Some(body));
        self.guarded(&request).await?.answer(&request.call, false)
    }

    /// Makes an object. An empty answer is null.
    ///
    /// Repeated only where it surely had no effect; see [`Error::effect_unknown`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer, Error> {
        let request = Request::new("POST", path, &[], Some(body));
        self.guarded(&request).await?.answer(&request.call, false)
    }

    /// Makes an object whose answer holds a key that is shown once.
    ///
    /// Waits at least five minutes, and from the status line of a success on takes what there is.
    /// `record` gets the bytes of the answer before anything else is done with them.
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswer`] also for a success that has neither id nor key.
    pub async fn post_once(
        &self,
        path: &str,
        body: &Value,
        record: impl FnOnce(&[u8]) + Send,
    ) -> Result<KeyAnswer, Error> {
        let mut request = Request::new("POST", path, &[], Some(body));
        request.once = true;
        let reply = self.guarded(&request).await?;
        record(&reply.body);
        let answer = KeyAnswer::from_bytes(path, &reply.body);
        tracing::trace!("{} received {}", request.call, redacted::body(&reply.body));
        if !answer.is_usable() {
            let reported = answer.answer.as_ref().and_then(Answer::reported);
            let reported = reported.map(|it| format!(", but with an error: {it}"));
            let cause = format!(
                "status {} came with neither an id nor a key{}",
                reply.status,
                reported.unwrap_or_default()
            );
            return Err(Error::NoAnswer { call: request.call, cause });
        }
        Ok(answer)
    }

    /// Deletes an object; one that is gone is a success. Whether it was there.
    pub async fn delete(&self, path: &str) -> Result<bool, Error> {
        let request = Request::new("DELETE", path, &[], None);
        match self.guarded(&request).await {
            Ok(reply) => reply.answer(&request.call, false).map(|_| true),
            Err(error) if error.is_absent() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The pauses of a call that is repeated by who makes it.
    pub fn retries(&self) -> Retries {
        Retries::new(self.clone(), self.shared.budget())
    }

    /// The account behind the key, asked once a process; after a failure it is asked again.
    ///
    /// Source: <https://dev.digicert.com/certcentral-apis/services-api/account/account-details.html>.
    ///
    /// # Errors
    ///
    /// [`Error::WrongAccount`] if another one is configured.
    pub async fn account(&self) -> Result<AccountInfo, Error> {
        let ask = async {
            let request = Request::new("GET", "account", &[], None);
            let answer = self.send(&request).await?.answer(&request.call, true)?;
            answer.id("id").map(|id| AccountInfo { id })
        };
        // The wait for somebody else's question ends with this session, too.
        let account = self.unless_stopped(self.shared.account.get(ask)).await??;
        match self.shared.account_id {
            Some(expected) if expected != account.id => {
                Err(Error::WrongAccount { expected, found: account.id })
            }
            _ => Ok(account),
        }
    }

    /// The account behind the key, where an earlier call has asked for it.
    pub fn known_account(&self) -> Option<Id> {
        self.shared.account.known().map(|account| account.id)
    }

    /// Sends once the account behind the key is known to be the one configured.
    pub(super) async fn guarded(&self, request: &Request) -> Result<Reply, Error> {
        let call = &request.call;
        let _writing = call.is_write().then(|| self.sharing().writing(&call.path));
        if self.shared.account_id.is_some() {
            self.account().await?;
        }
        self.send(request).await
    }

    /// Sends until there is a success, or an error that another attempt would not mend.
    async fn send(&self, request: &Request) -> Result<Reply, Error> {
        let mut retries = self.retries();
        let mut earlier = None;
        loop {
            let error = match self.attempt(request).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error.after(earlier.take()),
            };
            if request.spare || !may_repeat(request.call.method, &error) {
                return Err(error);
            }
            earlier = Some(retries.pause(error).await?);
        }
    }

    /// Waits for its turn and for room in the rate limit, and sends once.
    pub(super) async fn attempt(&self, request: &Request) -> Result<Reply, Error> {
        let call = &request.call;
        // Held to the end of the exchange. Nobody closes a queue, so there is no error to look at.
        let _turn = self.unless_stopped(self.shared.queue(call.is_write()).acquire()).await?;
        self.unless_stopped(self.shared.pacing.turn()).await?;
        let exchange = self.shared.http.send(request);
        let reply =
            if call.is_write() { exchange.await } else { self.unless_stopped(exchange).await? }?;
        if request.once && (200..300).contains(&reply.status) {
            // Not even logged yet: what saves the key comes first.
            return Ok(reply);
        }
        tracing::trace!("{call} received {}", redacted::body(&reply.body));
        reply.accepted(call)?.whole(call)
    }

    /// Whether what the row of a list does not carry is taken as unchanged: a setting.
    pub fn refreshes_from_lists(&self) -> bool {
        self.shared.refresh_from_lists
    }

    /// What the reads of this client share.
    pub(super) fn sharing(&self) -> &Sharing {
        &self.shared.sharing
    }

    /// Waits for something else than the API, such as a lock, until the client is stopped.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub async fn unless_stopped<T>(&self, future: impl Future<Output = T>) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Error::Stopped { last: None }),
            output = future => Ok(output),
        }
    }
}
