//! Creates a key, and settles what requests without a response have created.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Map, json};

use crate::certcentral::{Error, Id, KeyAnswer, Session, id_of};
use crate::kind::one_time_key::{self, Begun, KeyRequest, Unanswered};
use crate::kind::{Declared, Failure};
use crate::recovery::Record;
use crate::schema::Json;
use crate::secret::Secret;

use super::keys::{active, of_user, path_of_user, revoke};
use super::{ApiKey, Context, messages};

/// What messages call it.
const NOUN: &str = "API key";

/// A key that was created.
pub(super) struct Issued {
    /// `None` if the response was truncated before it, and the list does not tell it.
    pub(super) id: Option<Id>,
    pub(super) api_key: Secret,
}

impl ApiKey {
    /// Creates a key; in a rotation, `prior` is the object before it.
    ///
    /// # Errors
    ///
    /// Without a usable key. What the request may have created is revoked, or remembered for a later apply.
    pub(super) async fn issue(
        &self,
        prior: Option<&Self>,
        api: &Session,
        cx: &mut Context,
    ) -> Result<Issued, Failure> {
        let path = path_of_user(self.user_id);
        // The keys before and after the request are compared, so that no other request may come between.
        let _lock = cx.exclusive(path.as_str()).await?;
        let mut own: BTreeSet<Id> = prior.iter().flat_map(|it| it.superseded()).collect();
        own.extend(prior.and_then(|it| it.id));
        let body = self.request();
        loop {
            let keys = of_user(self.user_id, api).await?;
            let existing = keys.iter().filter_map(id_of).collect();
            let request = KeyRequest {
                path: &path,
                body: &body,
                noun: NOUN,
                description: self.description(),
                subject: ("name", &self.name),
                unique: false,
                existing: &existing,
            };
            let record = match request.begin(api, cx).await? {
                // What an earlier request may have left behind comes after the records: one of them may be the
                // only copy of a key that has appeared since.
                Begun::Fresh(record) => match self.settle_earlier(&own, api, cx).await {
                    Ok(()) => record,
                    Err(error) => {
                        one_time_key::discard(record).await;
                        return Err(error.into());
                    }
                },
                Begun::Restored(KeyAnswer { id: Some(id), .. }, file)
                    if !active(&keys, &self.name, &BTreeSet::new()).contains(&id) =>
                {
                    // The key of that response was revoked meanwhile.
                    one_time_key::settle(NOUN, file, cx).await?;
                    continue;
                }
                Begun::Restored(answer, file) => {
                    cx.report(request.restored(&file));
                    return self.issued(answer, Some(file), &own, api, cx).await;
                }
                Begun::Delivered(records) => {
                    return Err(request.delivered(&records, "Use another name.", Self::TYPE));
                }
                Begun::Unfinished { existing, file, .. } => {
                    self.revoke_since(&existing, &own, api).await?;
                    one_time_key::settle(NOUN, file, cx).await?;
                    continue;
                }
            };
            return match request.send(record, api, cx).await {
                Ok((answer, file)) => self.issued(answer, file, &existing, api, cx).await,
                Err(Unanswered::Refused(error)) => Err(error.into()),
                Err(Unanswered::Unknown(error, record)) => {
                    let lost = self.look_for_lost(prior, &existing, record, api, cx).await;
                    Err(request.no_response(&error, None, &lost))
                }
            };
        }
    }

    /// <https://dev.digicert.com/services-api/api-keys/create-key/>
    fn request(&self) -> Json {
        let mut body = Map::from_iter([("name".to_owned(), json!(self.name))]);
        if let Some(role) = self.restricted_to_role_id {
            body.insert("restricted_to_role_id".into(), json!(role));
        }
        Json::Object(body)
    }

    /// The key in a response. One without the key is of no use, so it is revoked.
    async fn issued(
        &self,
        answer: KeyAnswer,
        record: Option<PathBuf>,
        existing: &BTreeSet<Id>,
        api: &Session,
        cx: &mut Context,
    ) -> Result<Issued, Failure> {
        let KeyAnswer { id, api_key, .. } = answer;
        match (id, api_key) {
            (Some(id), Some(api_key)) => Ok(Issued { id: Some(id), api_key }),
            (None, Some(api_key)) => {
                let keys = of_user(self.user_id, api).await.unwrap_or_default();
                let new = active(&keys, &self.name, existing);
                let id = new.first().copied().filter(|_| new.len() == 1);
                Ok(Issued { id, api_key })
            }
            (Some(id), None) => {
                let revoked = revoke(id, api).await;
                match &revoked {
                    Ok(_) => {
                        if let Some(record) = record {
                            one_time_key::settle(NOUN, record, cx).await?;
                        }
                    }
                    // The record remains, so that the next apply revokes it.
                    Err(_) => {
                        cx.private.superseded.insert(id, 0);
                    }
                }
                Err(messages::without_secret(self, id, revoked.err().as_ref()).into())
            }
            // Such a response counts as none.
            (None, None) => Err(messages::id_not_known(self).into()),
        }
    }

    /// Revokes what an earlier request without a response, remembered in the private data, has created.
    async fn settle_earlier(
        &self,
        own: &BTreeSet<Id>,
        api: &Session,
        cx: &mut Context,
    ) -> Result<(), Error> {
        if let Some(existing) = cx.private.unsettled.clone() {
            self.revoke_since(&existing, own, api).await?;
            cx.private.unsettled = None;
        }
        Ok(())
    }

    /// Revokes the active keys of this name that were created since.
    async fn revoke_since(
        &self,
        existing: &BTreeSet<Id>,
        own: &BTreeSet<Id>,
        api: &Session,
    ) -> Result<(), Error> {
        let keys = of_user(self.user_id, api).await?;
        let except = existing.union(own).copied().collect();
        for id in active(&keys, &self.name, &except) {
            revoke(id, api).await?;
        }
        Ok(())
    }

    /// Looks for the key that a request without a response may have created. Nobody has that key: it is revoked.
    /// What cannot be settled now is remembered. Returns what to say about it.
    async fn look_for_lost(
        &self,
        prior: Option<&Self>,
        existing: &BTreeSet<Id>,
        record: Option<Record>,
        api: &Session,
        cx: &mut Context,
    ) -> String {
        cx.private.unsettled = Some(existing.clone());
        let keys = match of_user(self.user_id, api).await {
            Ok(keys) => keys,
            Err(error) => return messages::not_listed(&error, prior.is_some()),
        };
        let new = active(&keys, &self.name, existing);
        if new.is_empty() {
            return messages::none_appeared().to_owned();
        }
        if prior.is_none() && new.len() > 1 {
            one_time_key::discard(record).await;
            return messages::several_appeared(&new);
        }
        let mut failed = None;
        for id in &new {
            if let Err(error) = revoke(*id, api).await {
                cx.private.superseded.insert(*id, 0);
                failed.get_or_insert(error);
            }
        }
        if failed.is_none() {
            cx.private.unsettled = None;
            one_time_key::discard(record).await;
        }
        messages::appeared(&new, failed.as_ref(), prior.is_some())
    }
}
