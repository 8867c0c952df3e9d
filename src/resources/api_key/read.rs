//! Reads a key and those that it has superseded.

use serde_json::json;

use crate::certcentral::{Error, Id, Session};
use crate::kind::{Failure, Read};
use crate::resources::list_row::{confirming_row, covering_row};
use crate::schema::Model;

use super::keys::{KEYS, active, fetch, is_revoked, of_user};
use super::{ApiKey, Context, messages, rotation};

impl ApiKey {
    /// Reads the current key and the superseded ones.
    pub(super) async fn find(self, api: &Session, cx: &mut Context) -> Result<Read, Failure> {
        self.find_unsettled(api, cx).await?;
        let Some(id) = self.current_id(api).await? else {
            cx.report(messages::id_not_found(&self));
            return Ok(Read::Unchanged);
        };
        let mut earlier = self.superseded();
        earlier.extend(cx.private.superseded.keys());
        earlier.remove(&id);
        let state = || self.clone().into_response();
        let key = match confirming_row(api, &KEYS, id, CONFIGURABLE, state).await {
            Some(row) => Some(row),
            None => fetch(id, api).await?,
        };
        let mut left = Vec::new();
        for id in earlier {
            let superseded = match covering_row(api, &KEYS, id, &["status"]).await {
                Some(row) => Some(row),
                None => fetch(id, api).await?,
            };
            if superseded.is_some_and(|key| !is_revoked(&key)) {
                left.push(id);
            }
        }
        rotation::remember(&left, cx);
        match key {
            Some(mut key) if !is_revoked(&key) || !left.is_empty() => {
                key["superseded_key_ids"] = json!(left);
                Ok(Read::Found(key))
            }
            _ => Ok(Read::NotFound),
        }
    }

    /// The ID in the state, or that of the newest key with the name, if a response was truncated before it.
    async fn current_id(&self, api: &Session) -> Result<Option<Id>, Error> {
        if self.id.is_some() {
            return Ok(self.id);
        }
        let keys = of_user(self.user_id, api).await?;
        Ok(active(&keys, &self.name, &self.superseded()).last().copied())
    }

    /// Looks for what a request without a response has created since: nobody has that key, so that it counts
    /// as superseded and is revoked by the next apply.
    async fn find_unsettled(&self, api: &Session, cx: &mut Context) -> Result<(), Error> {
        let Some(existing) = cx.private.unsettled.clone() else { return Ok(()) };
        let keys = of_user(self.user_id, api).await?;
        let own = self.superseded().into_iter().chain(self.id).chain(existing).collect();
        for id in active(&keys, &self.name, &own) {
            cx.private.superseded.insert(id, 0);
        }
        cx.private.unsettled = None;
        Ok(())
    }
}

/// Attributes that a row must give, as they can be configured.
const CONFIGURABLE: &[&str] = &["user_id", "name", "restricted_to_role_id", "status"];
