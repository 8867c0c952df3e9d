//! The verbs.

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::answer::Answer;
use super::client::Shared;
use super::error::{Call, Error};
use super::http::Request;
use super::id::Id;
use super::key_answer::KeyAnswer;
use super::redacted;
use super::reply::Reply;
use super::retry::{Budget, Next, may_repeat};
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

/// The pauses between the attempts of one call, which share a budget.
///
/// Verbs have their own. This is for work that repeats a call itself, because only it can tell when
/// that is safe.
pub struct Retries {
    session: Session,
    budget: Budget,
}

/// What is known of the account behind the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountInfo {
    /// Number of the account.
    pub id: Id,
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
        let request = request("GET", path, query, None);
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
        let request = request("PUT", path, &[], Some(body));
        self.guarded(&request).await?.answer(&request.call, false)
    }

    /// Makes an object. An empty answer is null.
    ///
    /// Repeated only where it surely had no effect; see [`Error::effect_unknown`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer, Error> {
        let request = request("POST", path, &[], Some(body));
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
        let mut request = request("POST", path, &[], Some(body));
        request.once = true;
        let reply = self.guarded(&request).await?;
        record(&reply.body);
        let answer = KeyAnswer::from_bytes(path, &reply.body);
        tracing::trace!("{} received {}", request.call, redacted::body(&reply.body));
        if !answer.is_usable() {
            let cause = format!("status {} came with neither an id nor a key", reply.status);
            return Err(Error::NoAnswer { call: request.call, cause });
        }
        Ok(answer)
    }

    /// Deletes an object; one that is gone is a success. Whether it was there.
    pub async fn delete(&self, path: &str) -> Result<bool, Error> {
        let request = request("DELETE", path, &[], None);
        match self.guarded(&request).await {
            Ok(reply) => reply.answer(&request.call, false).map(|_| true),
            Err(error) if error.is_absent() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The pauses of a call that is repeated by who makes it.
    pub fn retries(&self) -> Retries {
        Retries { session: self.clone(), budget: self.shared.budget() }
    }

    /// The account behind the key, asked once a process; a failure is asked again.
    ///
    /// Source: <https://dev.digicert.com/certcentral-apis/services-api/account/account-details.html>.
    ///
    /// # Errors
    ///
    /// [`Error::WrongAccount`] if another one is configured.
    pub async fn account(&self) -> Result<AccountInfo, Error> {
        let ask = async || {
            let request = request("GET", "account", &[], None);
            let answer = self.send(&request).await?.answer(&request.call, true)?;
            answer.id("id").map(|id| AccountInfo { id })
        };
        // The wait for somebody else's question ends with this session, too.
        let account = *self.unless_stopped(self.shared.account.get_or_try_init(ask)).await??;
        match self.shared.account_id {
            Some(expected) if expected != account.id => {
                Err(Error::WrongAccount { expected, found: account.id })
            }
            _ => Ok(account),
        }
    }

    /// The account behind the key, where an earlier call has asked for it.
    pub fn known_account(&self) -> Option<Id> {
        self.shared.account.get().map(|account| account.id)
    }

    /// Sends once the account behind the key is known to be the one configured.
    async fn guarded(&self, request: &Request) -> Result<Reply, Error> {
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
            if !may_repeat(request.call.method, &error) {
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

    /// What the reads of this client share.
    pub(super) fn sharing(&self) -> &Sharing {
        &self.shared.sharing
    }

    /// What comes first: the future's end, or the stop.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] alone.
    pub async fn unless_stopped<T>(&self, future: impl Future<Output = T>) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Error::Stopped { last: None }),
            output = future => Ok(output),
        }
    }
}

impl Retries {
    /// Waits until another attempt may follow this error, and hands it back.
    ///
    /// # Errors
    ///
    /// Where no other attempt may follow: this error, or one that has it inside.
    pub async fn pause(&mut self, error: Error) -> Result<Error, Error> {
        match self.budget.next(error.retry_after(), fastrand::f64()) {
            Next::Retry(pause) => {
                tracing::info!("{error}; trying again in {:.1} s", pause.as_secs_f64());
                match self.session.unless_stopped(tokio::time::sleep(pause)).await {
                    Ok(()) => Ok(error),
                    Err(stopped) => Err(stopped.after(Some(error))),
                }
            }
            Next::GiveUp => Err(error),
            Next::TooLong(after) => {
                let until = SystemTime::now() + after;
                Err(Error::RetryWait { after, until, last: Box::new(error) })
            }
        }
    }
}

pub(super) fn request(
    method: &'static str,
    path: &str,
    query: &[(&str, &str)],
    body: Option<&Value>,
) -> Request {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Request {
        call: Call { method, path: path.trim_start_matches('/').to_owned() },
        query: query.iter().map(owned).collect(),
        body: body.map(|body| body.to_string().into_bytes()),
        once: false,
    }
}
