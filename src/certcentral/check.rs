//! Whether the settings of a client are right: asked of CertCentral once, before anything else.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::account::AccountInfo;
use super::client::Client;
use super::error::Error;
use super::id::Id;
use super::reply::Reply;
use super::request::Request;
use super::retry::{Next, may_repeat};
use super::session::Session;

/// A setting that CertCentral, or the attempt to reach it, has shown to be wrong.
#[derive(Debug)]
pub enum WrongSetting {
    /// CertCentral rejects the key.
    ApiKey(Error),
    /// The key belongs to another account than the one configured.
    AccountId {
        /// The account it belongs to.
        found: Id,
    },
    /// There is no connection to this address, or no CertCentral API behind it.
    BaseUrl(Error),
    /// The server's certificate is trusted neither by these nor by the system, or nothing is.
    CaCertificate(Error),
}

/// All of a check takes no longer than this.
const LONGEST: Duration = Duration::from_secs(15);

impl Client {
    /// Asks for the account the API key belongs to. [`Session::account`] then has the answer already.
    ///
    /// One attempt and at most one repetition, within 15 seconds. A failure that may pass, or that says
    /// nothing about a setting, is not reported: each call meets it by itself, and has its own retries.
    ///
    /// # Errors
    ///
    /// Where it is certain that a setting is wrong, so that no call can succeed.
    pub async fn check(&self) -> Result<(), WrongSetting> {
        let session = self.session();
        let is_json = AtomicBool::new(false);
        let ask = async {
            let request = Request::new("GET", "account", &[], None);
            let answer = send(&session, &request).await?.answer(&request.call, true)?;
            is_json.store(true, SeqCst);
            answer.id("id").map(|id| AccountInfo { id })
        };
        let found = match session.shared.account.get(ask).await {
            Ok(account) => account.id,
            // JSON without an ID is an answer of something, and the wrong address is only one reason.
            Err(_) if is_json.load(SeqCst) => return Ok(()),
            Err(error) => return wrong_setting(error).map_or(Ok(()), Err),
        };
        match session.shared.account_id {
            Some(expected) if expected != found => Err(WrongSetting::AccountId { found }),
            _ => Ok(()),
        }
    }
}

/// Sends once, and once more where the first failure may pass.
async fn send(session: &Session, request: &Request) -> Result<Reply, Error> {
    let deadline = Instant::now() + LONGEST;
    let late = || Error::NoAnswer { call: request.call.clone(), cause: "timed out".into() };
    let attempt = timeout_at(deadline, session.attempt(request)).await;
    let first = match attempt.unwrap_or_else(|_| Err(late())) {
        Err(error) if may_repeat(request.call.method, &error) => error,
        settled => return settled,
    };
    let mut budget = session.shared.budget_of_check(LONGEST);
    let Next::Retry(pause) = budget.next(first.retry_after(), fastrand::f64()) else {
        return Err(first);
    };
    let again = async {
        session.unless_stopped(sleep(pause)).await?;
        session.attempt(request).await
    };
    timeout_at(deadline, again).await.unwrap_or(Err(first))
}

/// The setting an error shows to be wrong, if it does.
fn wrong_setting(error: Error) -> Option<WrongSetting> {
    let setting = match &error {
        Error::Api { status: 401, .. } => WrongSetting::ApiKey,
        Error::Api { status: 403, problems, .. }
            if problems.iter().any(|it| it.code.ends_with("access_denied_invalid_key")) =>
        {
            WrongSetting::ApiKey
        }
        // A 404 without a code comes from something that is not the API.
        Error::Api { status: 404, problems, .. }
            if problems.iter().all(|it| it.code.is_empty() || it.code == "not_found|route") =>
        {
            WrongSetting::BaseUrl
        }
        Error::NotReached { .. } | Error::Redirected { .. } | Error::Decode { .. } => {
            WrongSetting::BaseUrl
        }
        // The second one: no HTTP client can be built, which needs certificates to trust.
        Error::Untrusted { .. } | Error::Settings(_) => WrongSetting::CaCertificate,
        _ => return None,
    };
    Some(setting(error))
}
