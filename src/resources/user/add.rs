//! Creates a user exactly once.

use serde_json::json;

use crate::certcentral::{Error, Id, Retries, Session};
use crate::kind::{Context, Failure};
use crate::schema::{Json, Model};

use super::find::service_users_among;
use super::messages::{self, rejected};
use super::person::Person;
use super::{User, fetch};

/// The result of a search for the username after a request without a usable response.
enum Lookup {
    /// No user has the username.
    Nobody,
    /// A user with exactly the requested attributes.
    Created(Json),
    /// Users with the username whose attributes differ.
    Others(Vec<Person>),
}

impl User {
    /// Creates the user and reads it.
    ///
    /// The POST is repeated only if no response was received and no user has the username. A user with the
    /// username and exactly the requested attributes was created by that POST.
    pub(super) async fn add(&self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let body = self.request();
        let mut retries = api.retries();
        let mut unanswered = false;
        loop {
            let response = api.post("user", &body).await;
            let created = response.and_then(|answer| Ok((answer.id("id")?, answer.reported())));
            let error = match created {
                Ok((id, reported)) => {
                    if let Some(reported) = reported {
                        cx.report(messages::reported(id, &self.username, &reported));
                    }
                    return Ok(self.state_after_create(id, &api, cx).await);
                }
                // The conflict may be with the user that the previous request created.
                Err(error) if error.effect_unknown() || unanswered => error,
                Err(error) => return Err(self.rejected(error, &api).await),
            };
            unanswered = true;
            if let Some(user) = self.look_for(error, &mut retries, &api, cx).await? {
                return Ok(user);
            }
        }
    }

    /// The user that a request without a usable response created; `None` if the request may be sent again.
    ///
    /// If the request succeeded, or if the username is rejected as taken, a search that finds nobody only
    /// means that the user is not listed yet. In that case the search is repeated, but not the request.
    async fn look_for(
        &self,
        mut error: Error,
        retries: &mut Retries,
        api: &Session,
        cx: &mut Context,
    ) -> Result<Option<Json>, Failure> {
        let exists = is_success(&error) || is_about_username(&error);
        let may_repeat = error.effect_unknown() && !exists;
        loop {
            let (latest, again) = match retries.pause(error).await {
                Ok(error) => (error, true),
                Err(error) => (error, false),
            };
            error = latest;
            match self.find_created(api).await {
                Ok(Lookup::Created(user)) => {
                    cx.report(messages::adopted(&self.username, &error));
                    return Ok(Some(user));
                }
                Ok(Lookup::Others(others)) => {
                    return Err(messages::unclear(&self.username, &error, &others).into());
                }
                Err(search) => {
                    return Err(messages::unsearched(&self.username, &error, &search).into());
                }
                Ok(Lookup::Nobody) if exists && again => {}
                Ok(Lookup::Nobody) if exists => {
                    return Err(messages::unlisted(&self.username, &error).into());
                }
                Ok(Lookup::Nobody) if may_repeat && again => return Ok(None),
                Ok(Lookup::Nobody) => {
                    return Err(Failure::advised(error, messages::not_created(&self.username)));
                }
            }
        }
    }

    /// The error for a rejected request with a new username. It names the user who has the username.
    pub(super) async fn rejected(&self, error: Error, api: &Session) -> Failure {
        if !is_about_username(&error) {
            return rejected(error);
        }
        match self.users_with_username(api).await {
            Ok(users) if !users.is_empty() => {
                messages::username_taken(&error, &self.username, &users).into()
            }
            Ok(_) if has_words(&error, TAKEN) => Failure::advised(error, messages::TAKEN_ELSEWHERE),
            Ok(_) => rejected(error),
            Err(search) => {
                let advice = messages::owner_not_found(&self.username, &search);
                Failure::advised(error, advice)
            }
        }
    }

    /// <https://dev.digicert.com/en/certcentral-apis/services-api/users/add-user.html>
    fn request(&self) -> Json {
        let mut body = self.profile();
        body.insert("access_roles".into(), json!([{ "id": self.access_role_id }]));
        if let Some(id) = self.container_id {
            body.insert("container".into(), json!({ "id": id }));
        }
        if let Some(limits) = self.limits() {
            body.insert("container_id_assignments".into(), json!(limits));
        }
        Json::Object(body)
    }

    /// The state of a new user. The user exists, so a failed read is only a warning.
    async fn state_after_create(&self, id: Id, api: &Session, cx: &mut Context) -> Json {
        let reason = match fetch(api, id).await {
            Ok(Some(answer)) => return answer,
            Ok(None) => "CertCentral did not find it yet".to_owned(),
            Err(error) => format!("reading it failed: {error}"),
        };
        cx.report(messages::not_read_yet(id, &self.username, &reason));
        json!({ "id": id })
    }

    /// Searches for the user that a request without a response may have created.
    async fn find_created(&self, api: &Session) -> Result<Lookup, Error> {
        let users = self.users_with_username(api).await?;
        let services = service_users_among(api, &users).await?;
        let found = match users.as_slice() {
            [] => return Ok(Lookup::Nobody),
            [one] if services.is_empty() => fetch(api, one.id).await?,
            _ => None,
        };
        let created = found.filter(|answer| self.matches(answer));
        Ok(created.map_or(Lookup::Others(users), Lookup::Created))
    }
}

/// Whether CertCentral, or a proxy, returned a success without a usable response.
fn is_success(error: &Error) -> bool {
    matches!(error, Error::Decode { .. } | Error::Redirected { .. })
}

/// Whether an error is about the username. DigiCert does not document its code, so the text is searched.
fn is_about_username(error: &Error) -> bool {
    has_words(error, &["username", "user name", "user_name"]) || has_words(error, TAKEN)
}

/// Words of an error about a name that is in use.
const TAKEN: &[&str] = &["conflict", "already", "duplicate", "in use", "taken"];

fn has_words(error: &Error, words: &[&str]) -> bool {
    let Error::Api { errors, .. } = error else { return false };
    let texts = errors.iter().flat_map(|it| [it.code.to_lowercase(), it.message.to_lowercase()]);
    error.is_refusal() && texts.into_iter().any(|text| words.iter().any(|it| text.contains(it)))
}
