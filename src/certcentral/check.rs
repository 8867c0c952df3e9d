//! The check of the settings: one request to CertCentral before all others.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::account::AccountInfo;
use super::client::Client;
use super::error::Error;
use super::id::Id;
use super::request::Request;
use super::response::RawResponse;
use super::retry::{Next, may_repeat};
use super::session::Session;

/// A setting that is certainly wrong, with the error that shows it.
#[derive(Debug)]
pub enum WrongSetting {
    /// CertCentral rejects the API key.
    ApiKey(Error),
    /// The API key belongs to another account than the configured one.
    AccountId {
        /// The account the API key belongs to.
        found: Id,
    },
    /// The connection to this address fails, or another server than CertCentral responds.
    BaseUrl(Error),
    /// The server's certificate is not trusted, or there are no CA certificates at all.
    CaCertificate(Error),
}

/// Time-out of the whole check.
const TIMEOUT: Duration = Duration::from_secs(15);

impl Client {
    /// Reads the account the API key belongs to. [`Session::account`] then needs no request.
    ///
    /// There is at most one retry, and the whole check takes at most 15 seconds. Temporary failures, and
    /// failures that no setting causes, are not reported: later calls report them after retries of their own.
    ///
    /// # Errors
    ///
    /// If a setting is certainly wrong, so that no call can succeed.
    pub async fn check(&self) -> Result<(), WrongSetting> {
        let session = self.session();
        let is_json = AtomicBool::new(false);
        let request = async {
            let request = Request::new("GET", "account", &[], None);
            let answer = send(&session, &request).await?.answer(&request.call, true)?;
            is_json.store(true, SeqCst);
            AccountInfo::from_answer(&answer)
        };
        let found = match session.shared.account.get(request).await {
            Ok(account) => account.id,
            // JSON without an ID has several possible causes. A wrong address is only one of them.
            Err(_) if is_json.load(SeqCst) => return Ok(()),
            Err(error) => return wrong_setting(error).map_or(Ok(()), Err),
        };
        match session.shared.account_id {
            Some(expected) if expected != found => Err(WrongSetting::AccountId { found }),
            _ => Ok(()),
        }
    }
}

/// Sends a request, and retries it once if the failure may be temporary.
async fn send(session: &Session, request: &Request) -> Result<RawResponse, Error> {
    let deadline = Instant::now() + TIMEOUT;
    let timed_out = || Error::NoAnswer { call: request.call.clone(), cause: "timed out".into() };
    let attempt = timeout_at(deadline, session.attempt(request)).await;
    let first = match attempt.unwrap_or_else(|_| Err(timed_out())) {
        Err(error) if may_repeat(request.call.method, &error) => error,
        settled => return settled,
    };
    let mut budget = session.shared.budget_of_check(TIMEOUT);
    let Next::Retry(pause) = budget.next(first.retry_after(), fastrand::f64()) else {
        return Err(first);
    };
    let again = async {
        session.unless_stopped(sleep(pause)).await?;
        session.attempt(request).await
    };
    timeout_at(deadline, again).await.unwrap_or(Err(first))
}

/// The setting that certainly causes this error, if there is one.
fn wrong_setting(error: Error) -> Option<WrongSetting> {
    let setting = match &error {
        Error::Api { status: 401, .. } => WrongSetting::ApiKey,
        Error::Api { status: 403, errors, .. }
            if errors.iter().any(|it| it.code.ends_with("access_denied_invalid_key")) =>
        {
            WrongSetting::ApiKey
        }
        // A 404 without an error code comes from a server that is not the API.
        Error::Api { status: 404, errors, .. }
            if errors.iter().all(|it| it.code.is_empty() || it.code == "not_found|route") =>
        {
            WrongSetting::BaseUrl
        }
        Error::NotReached { .. } | Error::Redirected { .. } | Error::Decode { .. } => {
            WrongSetting::BaseUrl
        }
        // `Error::Settings`: without CA certificates, no HTTP client can be created.
        Error::Untrusted { .. } | Error::Settings(_) => WrongSetting::CaCertificate,
        _ => return None,
    };
    Some(setting(error))
}
