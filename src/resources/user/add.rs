//! Creating a user, once.

use serde_json::json;

use crate::certcentral::{Error, Id, Retries, Session};
use crate::kind::{Context, Failure};
use crate::schema::{Json, Model};

use super::find::{Person, service_users};
use super::messages::{self, advised};
use super::{User, fetch};

/// What a search for the username finds after a request without a usable answer.
enum Trace {
    /// Nobody has the username.
    Nobody,
    /// The user that was asked for, as attributes.
    Made(Json),
    /// Users with that username who differ from what was asked for.
    Others(Vec<Person>),
}

impl User {
    /// Creates the user and reads it.
    ///
    /// A POST is repeated only where no answer came and nobody has the username. Who has it and is in
    /// everything what was asked for, was created by that POST.
    pub(super) async fn add(&self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let body = self.request();
        let mut retries = api.retries();
        let mut unanswered = false;
        loop {
            let made = api.post("user", &body).await;
            let made = made.and_then(|answer| Ok((answer.id("id")?, answer.reported())));
            let error = match made {
                Ok((id, reported)) => {
                    if let Some(reported) = reported {
                        cx.report(messages::reported(id, &self.username, &reported));
                    }
                    return Ok(self.added(id, &api, cx).await);
                }
                // What refuses this request may be the user that the one before it created.
                Err(error) if error.effect_unknown() || unanswered => error,
                Err(error) => return Err(self.refused(error, &api).await),
            };
            unanswered = true;
            if let Some(user) = self.look_for(error, &mut retries, &api, cx).await? {
                return Ok(user);
            }
        }
    }

    /// The user that a request without a usable answer created; `None` where the request may be sent again.
    ///
    /// Where CertCentral said that it had created the user, or refuses the username as taken, a search that
    /// finds nobody only means that the user is not listed yet. So the search is repeated then, and never
    /// the request.
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
            match self.trace(api).await {
                Ok(Trace::Made(user)) => {
                    cx.report(messages::adopted(&self.username, &error));
                    return Ok(Some(user));
                }
                Ok(Trace::Others(others)) => {
                    return Err(messages::unclear(&self.username, &error, &others).into());
                }
                Err(search) => {
                    return Err(messages::unsearched(&self.username, &error, &search).into());
                }
                Ok(Trace::Nobody) if exists && again => {}
                Ok(Trace::Nobody) if exists => {
                    return Err(messages::unlisted(&self.username, &error).into());
                }
                Ok(Trace::Nobody) if may_repeat && again => return Ok(None),
                Ok(Trace::Nobody) => {
                    return Err(Failure::advised(error, messages::not_created(&self.username)));
                }
            }
        }
    }

    /// Why a request with a new username was refused: by name, if it is because somebody has it.
    pub(super) async fn refused(&self, error: Error, api: &Session) -> Failure {
        if !is_about_username(&error) {
            return advised(error);
        }
        match self.holders(api).await {
            Ok(holders) if !holders.is_empty() => {
                messages::username_taken(&error, &self.username, &holders).into()
            }
            Ok(_) if has_words(&error, TAKEN) => Failure::advised(error, messages::TAKEN_ELSEWHERE),
            _ => advised(error),
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

    /// The state of a user that has just been created. Nothing here is an error any more.
    async fn added(&self, id: Id, api: &Session, cx: &mut Context) -> Json {
        let reason = match fetch(api, id).await {
            Ok(Some(answer)) => return answer,
            Ok(None) => "CertCentral does not find it yet".to_owned(),
            Err(error) => format!("reading it failed: {error}"),
        };
        cx.report(messages::not_read_yet(id, &self.username, &reason));
        json!({ "id": id })
    }

    /// Looks for the user that a request without an answer may have created.
    async fn trace(&self, api: &Session) -> Result<Trace, Error> {
        let holders = self.holders(api).await?;
        let services = service_users(api, &holders, &self.username).await?;
        let shown = match holders.as_slice() {
            [] => return Ok(Trace::Nobody),
            [one] if services.is_empty() => fetch(api, one.id).await?,
            _ => None,
        };
        let made = shown.filter(|answer| self.matches(answer));
        Ok(made.map_or(Trace::Others(holders), Trace::Made))
    }
}

/// Whether CertCentral, or something in front of it, answered with a success that cannot be used.
fn is_success(error: &Error) -> bool {
    matches!(error, Error::Decode { .. } | Error::Redirected { .. })
}

/// Whether a refusal is about the username. No page documents its code, so the words decide.
fn is_about_username(error: &Error) -> bool {
    has_words(error, &["username", "user name", "user_name"]) || has_words(error, TAKEN)
}

/// How a refusal says that a name is in use.
const TAKEN: &[&str] = &["conflict", "already", "duplicate", "in use", "taken"];

fn has_words(error: &Error, words: &[&str]) -> bool {
    let Error::Api { errors, .. } = error else { return false };
    let texts = errors.iter().flat_map(|it| [it.code.to_lowercase(), it.message.to_lowercase()]);
    error.is_refusal() && texts.into_iter().any(|text| words.iter().any(|it| text.contains(it)))
}
