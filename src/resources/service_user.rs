//! `digicert_service_user`: a user that has API keys and does not sign in, with its first one-time key.
//!
//! CertCentral returns the first key only in the response to the create; see `create`. Further keys are
//! `digicert_api_key` resources.

mod create;
mod find;
mod messages;

use std::collections::BTreeSet;

use serde_json::json;

use crate::certcentral::{self, Id, id_of};
use crate::kind::{Change, Context, Declared, Failure, Read, Remark, Resource, one_time_key};
use crate::model;
use crate::recovery::{self, Journal};
use crate::resources::api_key::{self, KEY_ROLES};
use crate::resources::user::{self, OPENS_ALL, containers};
use crate::schema::{Diagnostics, Json, Value};
use crate::secret::Secret;

model! {
    /// Creates and manages a service user: a user that has API keys and does not sign in.
    ///
    /// CertCentral returns the first API key of a service user only once, when the service user is created. The
    /// state contains it in plain text. For keys that rotate, add `digicert_api_key` resources: see the guide
    /// [Rotating keys](../guides/rotating-keys.md).
    ///
    /// !> **Warning:** Destroying this resource deletes the service user and all its API keys. Keys that are in use
    /// stop working at once.
    ///
    /// ~> **Note:** A service user without `restricted_to_role_id` has the permissions of an administrator.
    ///
    /// ~> **Note:** A plan that destroys the service user that the API key of the provider belongs to fails.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions.
    ///
    /// **Unverified:** DigiCert does not document how a service user is deleted, nor how its containers are
    /// changed. The provider assumes that the requests for users, `DELETE /user/{id}` and
    /// `PUT /user/{id}/container-assignments`, apply to service users, too.
    ///
    /// **DigiCert API:** [Add service user](https://dev.digicert.com/certcentral-apis/services-api/users/add-service-user.html),
    /// [List service users](https://dev.digicert.com/certcentral-apis/services-api/users/list-service-users.html),
    /// [Edit service user](https://dev.digicert.com/certcentral-apis/services-api/users/edit-service-user.html)
    pub struct ServiceUser {
        /// ID of the service user.
        #[attr(computed)]
        pub id: Option<Id>,
        /// E-mail address.
        #[attr(max_len(255), email, names_object)]
        pub email: String,
        /// Name of the first API key.
        #[attr(immutable, not_returned)]
        pub key_name: String,
        /// ID of the role that the first API key is restricted to: `"100"` Orders, `"101"` Orders, Domains,
        /// Organizations, `"102"` View Only, `"103"` User Management.
        #[attr(one_of(KEY_ROLES), immutable, not_returned)]
        pub restricted_to_role_id: Option<Id>,
        /// IDs of all containers (divisions) the service user is limited to. By default, those of the administrator
        /// that the provider's API key belongs to. Other limits are removed. Null if it is not limited.
        #[attr(optional_computed, not_empty(OPENS_ALL), refers_to(&["digicert_division"]))]
        pub container_id_assignments: Option<BTreeSet<Id>>,
        /// Set to `true` to remove all limits to containers (divisions), so that the service user can access every
        /// container of the account. Conflicts with `container_id_assignments`. If omitted or `false`, limits
        /// are not changed.
        #[attr(provider_only)]
        pub unrestricted_container_access: Option<bool>,
        /// Username, which CertCentral generates.
        #[attr(computed)]
        pub username: Option<String>,
        /// Status of the service user, for example `active`.
        #[attr(computed)]
        pub status: Option<String>,
        /// ID of the account the service user belongs to.
        #[attr(computed)]
        pub account_id: Option<Id>,
        /// ID of the first API key. For an imported service user, that of its oldest key.
        #[attr(computed, not_returned)]
        pub key_id: Option<Id>,
        /// First API key. CertCentral returns it only once, at creation. Null for an imported service user. The state
        /// contains it in plain text.
        #[attr(computed, not_returned)]
        pub api_key: Option<Secret>,
    }
}

impl Declared for ServiceUser {
    const TYPE: &'static str = "digicert_service_user";
}

impl Resource for ServiceUser {
    type Memory = ();

    const IMMUTABLE_HINT: &'static str = "To keep this service user, restore the previous value. To have a key of another \
        name or with another restriction, add a digicert_api_key resource with `user_id` set to the ID of this \
        service user.\n\n-replace and `terraform destroy` run this plan, too: to destroy the resource, restore the \
        previous value or use -refresh=false.";

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        let answer = self.create_or_restore(cx).await?;
        Ok(containers::without_inherited_limits(self.limits(), answer, cx).await)
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let api = cx.api()?;
        let Some(id) = self.known_id(&api, cx).await? else { return Ok(Read::Unchanged) };
        let Some(mut answer) = find::current(id, &self, &api).await? else {
            return Ok(Read::NotFound);
        };
        if self.unrestricted_container_access == Some(true) && containers::is_limited(&answer) {
            answer["unrestricted_container_access"] = false.into();
        }
        if self.key_id.is_none() && self.api_key.is_some() {
            answer["key_id"] = json!(find::first_key(id, &self.key_name, &api, cx).await);
        }
        Ok(Read::Found(answer))
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let id = self.id.ok_or_else(|| messages::id_not_known(&self))?;
        let path = user::path(id);
        if self.email != prior.email {
            // CertCentral accepts no other field of a service user.
            api.put(&path, &json!({ "email": self.email })).await?;
            let email = self.email.clone();
            cx.set_partial_state(Self { email, ..prior.clone() });
        }
        if let Some(limits) = self.limits().filter(|it| prior.limits().as_ref() != Some(it)) {
            containers::put(&path, &limits, &api).await?;
        }
        Ok(Json::Null)
    }

    async fn delete(self, cx: &mut Context) -> Result<(), Failure> {
        let id = self.id.ok_or_else(|| messages::id_not_known(&self))?;
        cx.delete(&user::path(id)).await
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let id = find::import(id.trim(), &api).await?;
        // CertCentral does not say which key was the first: the oldest one.
        // The list is shared: many are imported at once.
        let keys = api.listed_all(&api_key::KEYS).await?.into_iter();
        let keys = keys.filter(|key| key.get("user_id").and_then(certcentral::id) == Some(id));
        let oldest = keys.min_by_key(id_of);
        let Some(key) = oldest else { return find::without_key(id, &api).await };
        Ok(json!({
            "id": id,
            "key_name": key["name"],
            "key_id": key["id"],
            "restricted_to_role_id": key["restricted_to_role_id"],
        }))
    }

    fn remark(&self) -> Option<Remark> {
        let comment =
            "It has no API key, so `key_name`, which cannot be changed, is its e-mail address.";
        self.key_id.is_none().then(|| Remark::Comment(comment.to_owned()))
    }

    fn validate_config(config: &Value, diagnostics: &mut Diagnostics) {
        diagnostics.extend(user::plan::conflict(config));
    }

    async fn modify_plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        user::plan::containers(change);
        user::plan::check_key_owner(change, cx).await;
        Ok(())
    }

    async fn forget_record(&self, journal: &Journal) -> Result<(), recovery::Error> {
        one_time_key::forget_records(journal, user::PATH, self.id, self.api_key.as_ref()).await
    }
}

impl ServiceUser {
    /// The planned limits; empty for unrestricted access, `None` if limits are not managed.
    fn limits(&self) -> Option<Vec<Id>> {
        let assignments = self.container_id_assignments.as_ref();
        containers::limits(assignments, self.unrestricted_container_access)
    }
}
