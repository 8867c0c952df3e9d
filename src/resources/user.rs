//! `digicert_user`: a person who signs in to the account.
//!
//! CertCentral changes profile, role and containers by a call each, so an update can stop halfway.
//! Making a user mails a person, so a lost answer must not make another.

mod add;
mod containers;
mod find;
mod listed;
mod messages;
mod plan;

use std::collections::BTreeSet;

use serde_json::{Map, json};

use crate::certcentral::{Error, Id, Session};
use crate::kind::{Change, Context, Declared, Failure, Read, Resource};
use crate::model;
use crate::schema::{Diagnostic, Diagnostics, Json, Model, Value, flag};
use containers::is_limited;
use messages::{GONE, OPENS_ALL, absent, advised, without_id};

model! {
    /// Manages a user of the account behind the API key: a person who signs in to CertCentral.
    ///
    /// Creating one sends an account creation e-mail to its address. Destroying the resource deletes the
    /// user. Service users, which have API keys and do not sign in, are not managed by this resource.
    ///
    /// A username exists once, so a user cannot be replaced with `create_before_destroy`, which a resource
    /// also inherits from the resources that depend on it. After a rename of the resource, add a `moved` block.
    ///
    /// The plan warns of a change of the role or the containers of the user that the API key belongs to, and
    /// refuses to destroy that user.
    ///
    /// Where an account's users are managed in the DigiCert account instead of in CertCentral, CertCentral
    /// refuses to add, edit and delete them; `access_role_id` and `container_id_assignments` of an imported
    /// user can still be changed.
    pub struct User {
        /// Number of the user.
        #[attr(computed)]
        pub id: Option<Id>,
        /// Name to sign in with.
        #[attr(alphanumeric_or("@.-_+"), case_insensitive)]
        pub username: String,
        /// First name.
        #[attr(max_len(128))]
        pub first_name: String,
        /// Last name.
        #[attr(max_len(128))]
        pub last_name: String,
        /// Address that receives account mail.
        #[attr(max_len(255), email)]
        pub email: String,
        /// Job title. An approver of EV certificates needs one. Leaving it out clears it.
        #[attr(max_len(64))]
        pub job_title: Option<String>,
        /// Telephone number. An approver of EV certificates needs one. Leaving it out clears it.
        #[attr(max_len(64))]
        pub telephone: Option<String>,
        /// Number of the role: `"1"` Administrator, `"2"` Limited User, `"3"` Finance Manager, `"4"` Manager,
        /// `"5"` Standard User. A container may allow fewer.
        pub access_role_id: Id,
        /// Number of the container (division) the user belongs to; that of the API key's user by default. CertCentral
        /// cannot move a user.
        #[attr(optional_computed, force_new)]
        pub container_id: Option<Id>,
        /// Numbers of the containers (divisions) the user is limited to, as a whole: others are taken away.
        /// Null where there is no limit.
        #[attr(optional_computed, not_empty(OPENS_ALL))]
        pub container_id_assignments: Option<BTreeSet<Id>>,
        /// Set to `true` to remove all limits to containers (divisions), so that the user can access every
        /// container of the account. Conflicts with `container_id_assignments`. If omitted or `false`, limits
        /// are not changed.
        #[attr(provider_only)]
        pub unrestricted_container_access: Option<bool>,
        /// Whether the user can sign in by SAML single sign-on only. API keys of the user stay
        /// active. Leaving it out leaves it alone, and changes made elsewhere do not show.
        #[attr(read_if_configured)]
        pub is_saml_sso_only: Option<bool>,
        /// Status of the user, such as `active`.
        #[attr(computed)]
        pub status: Option<String>,
        /// Type of the user, such as `standard`.
        #[attr(computed)]
        pub r#type: Option<String>,
        /// Number of the account the user belongs to.
        #[attr(computed)]
        pub account_id: Option<Id>,
    }
}

impl Declared for User {
    const TYPE: &'static str = "digicert_user";
}

impl Resource for User {
    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        let answer = self.add(cx).await?;
        Ok(self.without_inherited_limits(answer, cx).await)
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let api = cx.api()?;
        if self.listed_unchanged(&api).await.is_some() {
            return Ok(Read::Unchanged);
        }
        let Some(mut answer) = fetch(&api, self.known_id()?).await? else {
            return Ok(Read::NotFound);
        };
        if self.unrestricted_container_access == Some(true) && is_limited(&answer) {
            answer["unrestricted_container_access"] = false.into();
        }
        Ok(Read::Found(answer))
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        let id = self.known_id()?;
        self.update_in_steps(id, &prior, cx).await.map_err(|failure| match failure {
            Failure::Api { error, .. } if error.is_not_found() => Failure::advised(*error, GONE),
            other => other,
        })?;
        Ok(Json::Null)
    }

    async fn delete(self, cx: &mut Context) -> Result<(), Failure> {
        cx.delete(&path(self.known_id()?)).await.map_err(|failure| match failure {
            Failure::Api { error, .. } => advised(*error),
            told => told,
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
        if let Some(warning) = plan::limits_that_stay(change) {
            cx.report(warning);
        }
        plan::check_key_owner(change, cx).await;
        Ok(())
    }
}

impl User {
    /// Changes profile, role and containers, by a call each where they differ.
    async fn update_in_steps(&self, id: Id, prior: &Self, cx: &mut Context) -> Result<(), Failure> {
        let api = cx.api()?;
        let path = path(id);
        let mut reached = prior.clone();
        if self.has_other_profile_than(prior) {
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
        if let Some(limits) = self.limits_to_send(prior) {
            containers::put(&path, &limits, &api).await?;
        }
        Ok(())
    }

    /// The fields that adding a user and editing one have in common.
    fn profile(&self) -> Map<String, Json> {
        let mut body = self.body();
        for elsewhere in ["access_role_id", "container_id", "container_id_assignments"] {
            body.remove(elsewhere);
        }
        body
    }

    fn has_other_profile_than(&self, prior: &Self) -> bool {
        let mut before = prior.profile();
        if self.is_saml_sso_only.is_none() {
            before.remove("is_saml_sso_only");
        }
        self.profile() != before
    }

    /// Sends the whole profile: what is left out of it is erased, or may be.
    async fn put_profile(&self, id: Id, prior: &Self, api: &Session) -> Result<(), Failure> {
        let mut profile = self.profile();
        if self.is_saml_sso_only.is_none() {
            let now = fetch(api, id).await?.ok_or_else(|| absent(id))?;
            if let Some(now) = now.get("is_saml_sso_only").and_then(flag) {
                profile.insert("is_saml_sso_only".into(), now.into());
            }
        }
        match api.put(&path(id), &Json::Object(profile)).await {
            Ok(_) => Ok(()),
            Err(error) if self.username == prior.username => Err(advised(error)),
            Err(error) => Err(self.refused(error, api).await),
        }
    }

    /// The ID in state. 0 is no ID that CertCentral gives.
    fn known_id(&self) -> Result<Id, Diagnostic> {
        self.id.filter(|id| *id != Id::default()).ok_or_else(|| without_id(&self.username))
    }
}

/// The user of that number as attributes; `None` if there is none.
async fn fetch(api: &Session, id: Id) -> Result<Option<Json>, Error> {
    let answer = api.object(PATH, id, "id").await?;
    Ok(answer.map(|answer| as_attributes(answer.into_json())))
}

fn path(id: Id) -> String {
    format!("{PATH}/{id}")
}

const PATH: &str = "user";

/// An answer under the names that a configuration uses.
///
/// <https://dev.digicert.com/services-api/users/user-info/>
fn as_attributes(mut answer: Json) -> Json {
    let role = answer.pointer("/access_roles/0/id").cloned();
    let container = answer.pointer("/container/id").cloned();
    let limits = match answer.get("container_assignments") {
        Some(Json::Array(containers)) if containers.is_empty() => None,
        // Containers or their numbers: no page shows which.
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
    fn answers_of_several_shapes_are_one_user() {
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
    fn empty_texts_and_a_switch_let_go_change_no_profile() {
        let prior = User { is_saml_sso_only: Some(true), ..User::default() };
        let planned = User { job_title: Some(String::new()), ..User::default() };
        assert!(!planned.has_other_profile_than(&prior));
        let planned = User { is_saml_sso_only: Some(false), ..User::default() };
        assert!(planned.has_other_profile_than(&prior));
        assert!(planned.has_other_profile_than(&User::default()));
    }
}
