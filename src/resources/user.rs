//! `digicert_user`: a person who signs in to the account.
//!
//! Profile, role and containers are changed by separate requests, so an update can fail after some of them.
//! Creating a user sends an e-mail, so a lost response must not lead to a second user.

mod add;
pub(crate) mod containers;
mod find;
mod listed;
mod messages;
mod person;
pub(crate) mod plan;
mod service_users;

use std::collections::BTreeSet;

use serde_json::{Map, json};

use crate::certcentral::{Error, Id, Session};
use crate::kind::{Change, Context, Declared, Failure, Read, Resource};
use crate::model;
use crate::schema::{Diagnostic, Diagnostics, Json, Model, Value, flag};
use containers::is_limited;
pub(crate) use find::find_by;
pub(crate) use listed::{NOT_IN_ROWS, USERS};
pub(crate) use messages::OPENS_ALL;
pub(crate) use messages::rejected;
use messages::{NOT_FOUND_HINT, not_found, without_id};
pub(crate) use service_users::{
    SERVICE_USERS, SERVICE_USERS_ELSEWHERE, among_users, hides_limits, is_name, service_users,
};

model! {
    /// Manages a CertCentral user: a person who signs in to the account the API key belongs to.
    ///
    /// Creating a user sends an account creation e-mail to its address. Destroying the resource deletes the
    /// user. Service users, which have API keys and do not sign in, are not supported.
    ///
    /// ~> **Note:** Usernames are unique, so a user cannot be replaced with `create_before_destroy`, which a
    /// resource also inherits from the resources that depend on it. After renaming the resource, add a `moved`
    /// block.
    ///
    /// ~> **Note:** The plan warns if it changes the role or the containers of the user that the API key belongs
    /// to. A plan that destroys that user fails.
    ///
    /// -> **Note:** If users are managed in DigiCert account (the identity service) instead of CertCentral,
    /// CertCentral rejects creating, updating and deleting them. `access_role_id` and
    /// `container_id_assignments` of an imported user can still be changed.
    ///
    /// -> **Note:** Terraform distinguishes an empty string from null. If the values come from a CSV file, pass
    /// null for empty fields: `telephone = each.value.telephone != "" ? each.value.telephone : null`. Otherwise
    /// the plan after an import shows updates without a visible difference.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to User
    /// Management.
    ///
    /// **DigiCert API:** [Add user](https://dev.digicert.com/en/certcentral-apis/services-api/users/add-user.html),
    /// [User info](https://dev.digicert.com/services-api/users/user-info/),
    /// [Change user role](https://dev.digicert.com/services-api/users/change-user-role/),
    /// [Update container assignments](https://dev.digicert.com/services-api/users/update-container-assignments/)
    pub struct User {
        /// ID of the user.
        #[attr(computed)]
        pub id: Option<Id>,
        /// Sign-in name.
        #[attr(alphanumeric_or("@.-_+"), case_insensitive, names_object)]
        pub username: String,
        /// First name.
        #[attr(max_len(128))]
        pub first_name: String,
        /// Last name.
        #[attr(max_len(128))]
        pub last_name: String,
        /// E-mail address. Account e-mails are sent to it.
        #[attr(max_len(255), email)]
        pub email: String,
        /// Job title. Required for EV approvers. Omitting it clears the value.
        #[attr(max_len(64))]
        pub job_title: Option<String>,
        /// Telephone number. Required for EV approvers. Omitting it clears the value.
        #[attr(max_len(64))]
        pub telephone: Option<String>,
        /// ID of the access role: `"1"` Administrator, `"2"` Limited User, `"3"` Finance Manager, `"4"` Manager,
        /// `"5"` Standard User. Not every container allows all roles.
        pub access_role_id: Id,
        /// ID of the user's container (division). By default, the container of the API key's user. CertCentral
        /// cannot move a user: if this changes, the user is deleted, and the new user is sent an account
        /// creation e-mail.
        #[attr(optional_computed, force_new, refers_to(&["digicert_division"]))]
        pub container_id: Option<Id>,
        /// IDs of all containers (divisions) the user is limited to. Other limits are removed. Null if the user
        /// is not limited.
        #[attr(optional_computed, not_empty(OPENS_ALL), refers_to(&["digicert_division"]))]
        pub container_id_assignments: Option<BTreeSet<Id>>,
        /// Set to `true` to remove all limits to containers (divisions), so that the user can access every
        /// container of the account. Conflicts with `container_id_assignments`. If omitted or `false`, limits
        /// are not changed.
        #[attr(provider_only)]
        pub unrestricted_container_access: Option<bool>,
        /// Whether the user must sign in with SAML single sign-on. The user's API keys stay active. If omitted,
        /// the setting is not managed, and changes made outside Terraform are not detected.
        #[attr(read_if_configured)]
        pub is_saml_sso_only: Option<bool>,
        /// Status of the user, for example `active`.
        #[attr(computed)]
        pub status: Option<String>,
        /// Type of the user, for example `standard`.
        #[attr(computed)]
        pub r#type: Option<String>,
        /// ID of the account the user belongs to.
        #[attr(computed)]
        pub account_id: Option<Id>,
    }
}

impl Declared for User {
    const TYPE: &'static str = "digicert_user";
}

impl Resource for User {
    type Memory = ();

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        let answer = self.add(cx).await?;
        Ok(containers::without_inherited_limits(self.limits(), answer, cx).await)
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let api = cx.api()?;
        if self.matches_list_row(&api).await {
            return Ok(Read::Unchanged);
        }
        let id = self.known_id()?;
        // After an import, the state has only the ID.
        let is_import = cx.is_imported() && self.username.is_empty();
        if is_import && let Some(row) = listed::unlimited_row(id, &api).await {
            return Ok(Read::Found(row));
        }
        let Some(mut answer) = fetch(&api, id).await? else {
            return if is_import {
                Err(find::not_found(&id.to_string()).into())
            } else {
                Ok(Read::NotFound)
            };
        };
        if self.unrestricted_container_access == Some(true) && is_limited(&answer) {
            answer["unrestricted_container_access"] = false.into();
        }
        Ok(Read::Found(answer))
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        let id = self.known_id()?;
        self.update_in_steps(id, &prior, cx).await.map_err(|failure| match failure {
            Failure::Api { error, .. } if error.is_not_found() => {
                Failure::advised(*error, NOT_FOUND_HINT)
            }
            other => other,
        })?;
        Ok(Json::Null)
    }

    async fn delete(self, cx: &mut Context) -> Result<(), Failure> {
        cx.delete(&path(self.known_id()?)).await.map_err(|failure| match failure {
            Failure::Api { error, .. } => rejected(*error),
            other => other,
        })
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        Ok(json!({ "id": find::import(id.trim(), &cx.api()?).await? }))
    }

    fn validate_config(config: &Value, diagnostics: &mut Diagnostics) {
        diagnostics.extend(plan::conflict(config));
    }

    async fn modify_plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        plan::containers(change);
        if let Some(warning) = plan::unmanaged_limits(change) {
            cx.report(warning);
        }
        plan::check_key_owner(change, cx).await;
        Ok(())
    }
}

impl User {
    /// Changes profile, role and containers by separate requests, as far as they differ.
    async fn update_in_steps(&self, id: Id, prior: &Self, cx: &mut Context) -> Result<(), Failure> {
        let api = cx.api()?;
        let path = path(id);
        let mut reached = prior.clone();
        if self.profile_differs_from(prior) {
            self.put_profile(id, prior, &api).await?;
            reached = Self {
                access_role_id: prior.access_role_id,
                container_id_assignments: prior.container_id_assignments.clone(),
                unrestricted_container_access: prior.unrestricted_container_access,
                ..self.clone()
            };
            cx.set_partial_state(reached.clone());
        }
        if self.access_role_id != prior.access_role_id {
            let role = json!({ "access_roles": [{ "id": self.access_role_id }] });
            api.put(&format!("{path}/role"), &role).await?;
            reached.access_role_id = self.access_role_id;
            cx.set_partial_state(reached);
        }
        if let Some(limits) = self.limits().filter(|it| prior.limits().as_ref() != Some(it)) {
            containers::put(&path, &limits, &api).await?;
        }
        Ok(())
    }

    /// The planned limits; empty for unrestricted access, `None` if limits are not managed.
    fn limits(&self) -> Option<Vec<Id>> {
        let assignments = self.container_id_assignments.as_ref();
        containers::limits(assignments, self.unrestricted_container_access)
    }

    /// The fields that the requests to add and to edit a user have in common.
    fn profile(&self) -> Map<String, Json> {
        let mut body = self.body();
        for other in ["access_role_id", "container_id", "container_id_assignments"] {
            body.remove(other);
        }
        body
    }

    fn profile_differs_from(&self, prior: &Self) -> bool {
        let mut before = prior.profile();
        if self.is_saml_sso_only.is_none() {
            before.remove("is_saml_sso_only");
        }
        self.profile() != before
    }

    /// Sends all fields of the profile, because CertCentral may clear those that are omitted.
    async fn put_profile(&self, id: Id, prior: &Self, api: &Session) -> Result<(), Failure> {
        let mut profile = self.profile();
        if self.is_saml_sso_only.is_none() {
            let current = fetch(api, id).await?.ok_or_else(|| not_found(id))?;
            if let Some(current) = current.get("is_saml_sso_only").and_then(flag) {
                profile.insert("is_saml_sso_only".into(), current.into());
            }
        }
        match api.put(&path(id), &Json::Object(profile)).await {
            Ok(_) => Ok(()),
            Err(error) if self.username == prior.username => Err(rejected(error)),
            Err(error) => Err(self.rejected(error, api).await),
        }
    }

    /// The ID in the state. 0 is not a valid ID.
    fn known_id(&self) -> Result<Id, Diagnostic> {
        self.id.filter(|id| *id != Id::default()).ok_or_else(|| without_id(&self.username))
    }
}

/// The user with this ID as attributes; `None` if there is none.
pub(crate) async fn fetch(api: &Session, id: Id) -> Result<Option<Json>, Error> {
    let answer = api.object(PATH, id, "id").await?;
    Ok(answer.map(|answer| as_attributes(answer.into_json())))
}

pub(crate) fn path(id: Id) -> String {
    format!("{PATH}/{id}")
}

pub(crate) const PATH: &str = "user";

/// A response with the names of the attributes.
///
/// <https://dev.digicert.com/services-api/users/user-info/>
pub(crate) fn as_attributes(mut answer: Json) -> Json {
    let role = answer.pointer("/access_roles/0/id").cloned();
    let container = answer.pointer("/container/id").cloned();
    let limits = match answer.get("container_assignments") {
        Some(Json::Array(containers)) if containers.is_empty() => None,
        // Containers or their IDs: DigiCert does not document which.
        Some(Json::Array(containers)) => {
            Some(containers.iter().map(|it| it.get("id").unwrap_or(it).clone()).collect())
        }
        other => other.cloned(),
    };
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("access_role_id".into(), role.into());
        fields.insert("container_id".into(), container.into());
        fields.insert("container_id_assignments".into(), limits.into());
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_of_all_forms_are_read() {
        for (containers, expected) in [
            (json!([{"id": 1002, "name": "One"}, {"id": "1003"}]), json!([1002, "1003"])),
            (json!([1002, 1003]), json!([1002, 1003])),
            (json!([]), Json::Null),
            (Json::Null, Json::Null),
            (json!("1002"), json!("1002")),
        ] {
            let answer = as_attributes(json!({
                "id": 1, "access_roles": [{"id": 5}], "container": {"id": "1001"},
                "container_assignments": containers,
            }));
            assert_eq!(answer["access_role_id"], 5);
            assert_eq!(answer["container_id"], "1001");
            assert_eq!(answer["container_id_assignments"], expected, "{containers}");
        }
        assert_eq!(as_attributes(json!([])), json!([]));
    }

    #[test]
    fn an_empty_text_and_an_omitted_setting_do_not_change_the_profile() {
        let prior = User { is_saml_sso_only: Some(true), ..User::default() };
        let planned = User { job_title: Some(String::new()), ..User::default() };
        assert!(!planned.profile_differs_from(&prior));
        let planned = User { is_saml_sso_only: Some(false), ..User::default() };
        assert!(planned.profile_differs_from(&prior));
        assert!(planned.profile_differs_from(&User::default()));
    }
}
