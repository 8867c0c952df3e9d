//! Making a user, once.

use serde_json::json;

use crate::certcentral::{Error, Id, Session};
use crate::resource::{Context, Failure, import_block};
use crate::schema::{Diagnostic, Json, Model, Path};

use super::find::{number, service_users, show};
use super::{User, advice, advised, fetch};

/// What a request without an answer has left behind.
enum Trace {
    /// Nobody has the username.
    Nobody,
    /// The user that was asked for, as attributes.
    Made(Json),
    /// Users with that username who differ from what was asked for.
    Others(Vec<User>),
}

impl User {
    /// Makes the user and reads it.
    ///
    /// A POST without an answer is repeated only when nobody has the username. Who has it and is in
    /// everything what was asked for, was made by that POST.
    pub(super) async fn add(&self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let body = self.request();
        let mut retries = api.retries();
        let mut unanswered = false;
        loop {
            let made = api.post("user", &body).await;
            let made = made.and_then(|answer| Ok((answer.id("id")?, answer.reported())));
            let (error, again) = match made {
                Ok((id, reported)) => {
                    if let Some(reported) = reported {
                        cx.warn("User created with an error", self.reported(id, &reported));
                    }
                    return Ok(self.added(id, &api, cx).await);
                }
                Err(error) if error.effect_unknown() => {
                    unanswered = true;
                    match retries.pause(error).await {
                        Ok(error) => (error, true),
                        Err(error) => (error, false),
                    }
                }
                Err(error) if !unanswered => return Err(self.refused(error, &api).await),
                // What refuses this request may be the user that the one before it made.
                Err(error) => (error, false),
            };
            match self.trace(&api).await {
                Ok(Trace::Nobody) if again => {}
                Ok(Trace::Nobody) => return Err(Failure::Advised(error, self.not_made())),
                Ok(Trace::Made(answer)) => {
                    cx.warn("User adopted", self.adopted(&error));
                    return Ok(answer);
                }
                Ok(Trace::Others(others)) => return Err(self.unclear(&error, &others).into()),
                Err(search) => return Err(self.unsearched(&error, &search).into()),
            }
        }
    }

    /// Why a request with a new username was refused: by name, if it is about the username and somebody
    /// has it.
    pub(super) async fn refused(&self, error: Error, api: &Session) -> Failure {
        let username = self.username.to_lowercase();
        // No page names the code of this refusal.
        let words = ["username", "user name", "user_name", &username];
        if !error.is_refusal() || !words.iter().any(|word| error.mentions(word)) {
            return advised(error);
        }
        match self.holders(api).await {
            Ok(holders) if !holders.is_empty() => {
                let advice = advice(&error).map(|it| format!("\n\n{it}")).unwrap_or_default();
                let detail =
                    format!("CertCentral said no: {error}. {}{advice}", self.taken(&holders));
                Diagnostic::error("Username taken", detail).at(Path::of("username")).into()
            }
            Ok(_) if advice(&error).is_none() => Failure::Advised(error, self.nobody()),
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
        if let Some(containers) = &self.container_id_assignments {
            body.insert("container_id_assignments".into(), json!(containers));
        }
        Json::Object(body)
    }

    /// The state of a user that has just been made. Nothing here is an error any more.
    async fn added(&self, id: Id, api: &Session, cx: &mut Context) -> Json {
        let reason = match fetch(api, id).await {
            Ok(Some(answer)) => return answer,
            Ok(None) => "CertCentral does not find it yet".to_owned(),
            Err(error) => format!("reading it failed: {error}"),
        };
        let detail = format!(
            "User {id} ({:?}) has been created, but {reason}. The next refresh fills in what is missing.",
            self.username
        );
        cx.warn("User not read yet", detail);
        json!({ "id": id })
    }

    /// Looks for the user that a request without an answer may have made.
    async fn trace(&self, api: &Session) -> Result<Trace, Error> {
        let holders = self.holders(api).await?;
        let services = service_users(api, &holders, &self.username).await?;
        let shown = match holders.as_slice() {
            [] => return Ok(Trace::Nobody),
            [Self { id: Some(id), .. }] if services.is_empty() => fetch(api, *id).await?,
            _ => None,
        };
        let made = shown.filter(|answer| self.agrees_with(answer));
        Ok(made.map_or(Trace::Others(holders), Trace::Made))
    }

    fn reported(&self, id: Id, error: &str) -> String {
        format!(
            "CertCentral created user {id} ({:?}), but its answer reports an error, too: {error}. Check the user \
             in CertCentral.",
            self.username
        )
    }

    fn taken(&self, holders: &[Self]) -> String {
        let block = import_block("digicert_user", &holders.first().map(number).unwrap_or_default());
        format!(
            "The username {:?} belongs to {}. To manage that user here, import it:\n\n{block}\n\nFor another \
             user, choose another username.",
            self.username,
            show(holders)
        )
    }

    fn nobody(&self) -> String {
        format!(
            "No other user of this account has the username {:?}. If the answer says that it is taken, then by a \
             user of another account: choose another one.",
            self.username
        )
    }

    fn not_made(&self) -> String {
        format!(
            "Nobody in this account has the username {:?}, so it seems that no user was created. Run the apply \
             again.",
            self.username
        )
    }

    fn unanswered(&self, error: &Error) -> String {
        let username = &self.username;
        format!(
            "A request to create user {username:?} was sent, but no usable answer came: {error}."
        )
    }

    fn adopted(&self, error: &Error) -> String {
        format!(
            "{} A user with that username and with everything that was sent is there now, so it is taken for \
             the one that was to be created.",
            self.unanswered(error)
        )
    }

    fn unclear(&self, error: &Error, others: &[Self]) -> Diagnostic {
        let detail = format!(
            "{} Whoever has the username now is not beyond doubt the user that was to be created, so the state \
             does not have it. {}",
            self.unanswered(error),
            self.taken(others)
        );
        Diagnostic::error("User may have been created", detail).at(Path::of("username"))
    }

    fn unsearched(&self, error: &Error, search: &Error) -> Diagnostic {
        let detail = format!(
            "{} Looking for the username failed, too: {search}. Run the apply again: if the user is there by \
             then, an error says so and how to import it.",
            self.unanswered(error)
        );
        Diagnostic::error("User may have been created", detail)
    }
}
