//! Creates an organization exactly once.

use serde_json::json;

use super::new::New;
use super::validations::VALIDATIONS;
use super::{Organization, PATH, fetch, messages, validations};
use crate::certcentral::{Id, Session};
use crate::kind::{Context, Failure};
use crate::resources::creation::create_once;
use crate::schema::Json;

impl Organization {
    /// Creates the organization with its contact, and submits its validations in the same request.
    pub(super) async fn add(&self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        // Two resources with the same name must not both find that there is none yet.
        let lock = cx.exclusive(PATH).await?;
        let new = New::of(self, &api).await?;
        if let Some(twin) = new.twin() {
            return Err(new.exists(twin).into());
        }
        let created = create_once(&new, PATH, &new.body(), &api, cx).await;
        let id = created.map_err(|failure| new.rejected(failure))?;
        drop(lock);
        if new.existed(Some(id)) {
            return Err(new.reused(id).into());
        }
        Ok(self.state_after_create(id, &api, cx).await)
    }

    /// The state of a new organization. It exists, so a failed read is only a warning.
    async fn state_after_create(&self, id: Id, api: &Session, cx: &mut Context) -> Json {
        let mut state = match fetch(api, id).await {
            Ok(Some(found)) => found,
            Ok(None) => {
                cx.report(messages::not_read_yet(id, "CertCentral did not find it yet"));
                json!({ "id": id })
            }
            Err(error) => {
                cx.report(messages::not_read_yet(id, &format!("reading it failed: {error}")));
                json!({ "id": id })
            }
        };
        match validations::fetch(api, id).await {
            Ok(found) => state[VALIDATIONS] = found,
            Err(error) => cx.report(messages::validations_not_read(id, "created", &error)),
        }
        state
    }
}
