//! `digicert_api_key`: an API key of a user of the account, with its one-time secret.
//!
//! A rotation creates a new key for the same object and then revokes the old one, so that an active key exists
//! at any time. `issue` creates a key, and `rotation` decides what an update does. Keys that the object has
//! replaced are listed in `superseded_key_ids` until they are revoked, so that a later apply finishes what an
//! earlier one could not.

mod issue;
mod keys;
mod messages;
mod read;
mod rotation;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::certcentral::{Id, Session};
use crate::kind::{self, Change, Declared, Failure, Read, Resource, import_id, one_time_key};
use crate::model;
use crate::recovery::{self, Journal};
use crate::schema::Json;
use crate::secret::Secret;
use issue::Issued;
pub(crate) use keys::{KEYS, newest_active};
use rotation::Steps;

model! {
    /// Creates, rotates and revokes an API key of a user of the account.
    ///
    /// CertCentral returns an API key only once, when it is created. The state contains it in plain text.
    ///
    /// A change of `rotation_triggers` rotates the key in place: a new key is created, and then the old one is
    /// revoked, at once or after `grace_period`. An active key exists at any time. If an apply is interrupted,
    /// the next one finishes the rotation. The guide [Rotating keys](../guides/rotating-keys.md) has complete
    /// configurations.
    ///
    /// ~> **Note:** Destroying this resource revokes the key at once. A key that was revoked outside Terraform is
    /// replaced by a new one.
    ///
    /// ~> **Note:** A plan that rotates or revokes the API key that the provider itself uses fails.
    ///
    /// ~> **Note:** Give every key of a user its own name. If a request gets no response, keys of the same user
    /// with the same name that have appeared since are revoked, because nobody has them.
    ///
    /// -> **Note:** If the provider is killed while it rotates a key, the next apply revokes what the rotation may
    /// have left behind. This needs `recovery_dir`: without it, one active key that nobody has may remain.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions.
    ///
    /// **Unverified:** DigiCert does not document whether `PUT /key/{id}` removes a restriction that is omitted.
    /// The provider always sends `restricted_to_role_id`, and `0` for none.
    ///
    /// **DigiCert API:** [Create API key](https://dev.digicert.com/services-api/api-keys/create-key/),
    /// [List API keys](https://dev.digicert.com/services-api/api-keys/list-keys/),
    /// [Get API key info](https://dev.digicert.com/services-api/api-keys/get-key-info/),
    /// [Edit API key](https://dev.digicert.com/services-api/api-keys/edit-key/),
    /// [Update API key status](https://dev.digicert.com/services-api/api-keys/update-key-status/)
    pub struct ApiKey {
        /// ID of the API key. A rotation changes it.
        #[attr(computed)]
        pub id: Option<Id>,
        /// ID of the user that the API key belongs to. The API key has the permissions of this user.
        #[attr(force_new, refers_to(&["digicert_user", "digicert_service_user"]))]
        pub user_id: Id,
        /// Name of the API key.
        #[attr(names_object)]
        pub name: String,
        /// ID of the role that the API key is restricted to: `"100"` Orders, `"101"` Orders, Domains,
        /// Organizations, `"102"` View Only, `"103"` User Management. Omitting it removes the restriction.
        #[attr(one_of(KEY_ROLES))]
        pub restricted_to_role_id: Option<Id>,
        /// Arbitrary map of values. A change from one value to another rotates the key. Setting the map for the
        /// first time, or removing it, does not.
        #[attr(provider_only)]
        pub rotation_triggers: Option<BTreeMap<String, String>>,
        /// How long the old key stays active after a rotation, for example `24h`, at most `8760h`. The first plan
        /// after that shows the revocation as an update.
        #[attr(parses(rotation::grace_period_rule), default("0s"), provider_only)]
        pub grace_period: Option<String>,
        /// Status of the API key: `active` or `revoked`.
        #[attr(computed)]
        pub status: Option<String>,
        /// Time when the API key was created, as the API returns it.
        #[attr(computed)]
        pub create_date: Option<String>,
        /// Time when the API key was last used, as the API returns it. Null if it was never used.
        #[attr(computed)]
        pub last_used_date: Option<String>,
        /// IDs of the keys that rotations have replaced and that are not revoked yet.
        #[attr(computed, provider_only)]
        pub superseded_key_ids: Option<Vec<Id>>,
        /// The API key. CertCentral returns it only once, at creation. Null for an imported key. The state contains
        /// it in plain text.
        #[attr(computed, not_returned)]
        pub api_key: Option<Secret>,
    }
}

/// What is remembered of rotations.
#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rotations {
    /// When each superseded key was superseded, in seconds since 1970.
    superseded: BTreeMap<Id, u64>,
    /// The keys of the user before a request whose effect is not known. Newer ones of the same name are its
    /// work.
    unsettled: Option<BTreeSet<Id>>,
}

type Context = kind::Context<Rotations>;

impl Declared for ApiKey {
    const TYPE: &'static str = "digicert_api_key";
}

impl Resource for ApiKey {
    type Memory = Rotations;

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let issued = self.issue(None, &api, cx).await?;
        Ok(self.answer(issued, &api, cx).await)
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        self.find(&cx.api()?, cx).await
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let steps = Steps::of(&self, &prior);
        let mut reached =
            Self { superseded_key_ids: prior.superseded_key_ids.clone(), ..prior.clone() };
        let mut answer = Json::Null;
        if steps.rotates {
            let issued = self.issue(Some(&prior), &api, cx).await?;
            reached = self.rotated(&prior, &issued, cx);
            cx.set_partial_state(reached.clone());
            answer = self.answer(issued, &api, cx).await;
        } else if steps.edits {
            self.edit(&api).await?;
            reached = Self { superseded_key_ids: prior.superseded_key_ids.clone(), ..self.clone() };
            cx.set_partial_state(reached.clone());
        }
        if steps.rotates && reached.id.is_none() {
            // Until its ID is known, the new key cannot be distinguished from the others. The next read finds it.
            return Ok(answer);
        }
        let planned = self.superseded();
        let current = reached.id;
        for id in reached.superseded().difference(&planned).filter(|id| Some(**id) != current) {
            keys::revoke(*id, &api).await?;
            cx.private.superseded.remove(id);
            reached.superseded_key_ids.iter_mut().for_each(|ids| ids.retain(|it| it != id));
            cx.set_partial_state(reached.clone());
        }
        Ok(answer)
    }

    async fn delete(self, cx: &mut Context) -> Result<(), Failure> {
        let api = cx.api()?;
        for id in self.superseded().into_iter().chain(self.id) {
            if !keys::revoke(id, &api).await? {
                cx.check_gone(&keys::path(id)).await?;
            }
        }
        Ok(())
    }

    async fn import(id: &str, _cx: &mut Context) -> Result<Json, Failure> {
        Ok(json!({ "id": import_id(id)?, "superseded_key_ids": [] }))
    }

    async fn modify_plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        rotation::plan(change, cx).await
    }

    async fn forget_record(&self, journal: &Journal) -> Result<(), recovery::Error> {
        let path = keys::path_of_user(self.user_id);
        one_time_key::forget_records(journal, &path, self.id, self.api_key.as_ref()).await
    }
}

impl ApiKey {
    /// The superseded keys in the state.
    fn superseded(&self) -> BTreeSet<Id> {
        self.superseded_key_ids.iter().flatten().copied().collect()
    }

    /// The state after a key was created, completed by a read.
    async fn answer(&self, issued: Issued, api: &Session, cx: &mut Context) -> Json {
        let mut answer = match issued.id {
            Some(id) => match keys::fetch(id, api).await {
                Ok(Some(found)) => found,
                Ok(None) => {
                    cx.report(messages::not_read_yet(id, "CertCentral did not find it yet"));
                    json!({ "id": id })
                }
                Err(error) => {
                    cx.report(messages::not_read_yet(id, &format!("reading it failed: {error}")));
                    json!({ "id": id })
                }
            },
            None => {
                cx.report(messages::without_id(self));
                json!({})
            }
        };
        answer["api_key"] = json!(issued.api_key.expose());
        answer["superseded_key_ids"] = json!([]);
        answer
    }

    /// Changes the name and the restriction.
    ///
    /// <https://dev.digicert.com/services-api/api-keys/edit-key/>
    async fn edit(&self, api: &Session) -> Result<(), Failure> {
        let id = self.id.ok_or_else(|| messages::id_not_known(self))?;
        let role = self.restricted_to_role_id.unwrap_or_default();
        let body = json!({ "name": self.name, "restricted_to_role_id": role });
        api.put(&keys::path(id), &body).await?;
        Ok(())
    }
}

/// <https://dev.digicert.com/glossary/>
pub(crate) const KEY_ROLES: &[&str] = &["100", "101", "102", "103"];
