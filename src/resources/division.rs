//! `digicert_division`: a container below another one.
//!
//! Name and description, domains, organizations and the activation are changed by separate requests, so an
//! update can fail after some of them. CertCentral cannot delete a container, only deactivate it.

mod add;
mod containers;
mod find;
mod messages;
mod new;
mod parts;

use std::collections::BTreeSet;

use crate::certcentral::Id;
use crate::kind::{Change, Context, Declared, Failure, Read, Remark, Resource};
use crate::model;
use crate::resources::list_row::confirming_row;
use crate::schema::{Attr, Diagnostic, Json, Model, Value};
pub(crate) use containers::CONTAINERS;
use containers::{DOMAINS, ORGANIZATIONS};
pub(crate) use containers::{all, fetch, is_division, or_root, parent};

model! {
    /// Manages a CertCentral division: a container below the root container of the account or below another
    /// division. Users, organizations and orders can be limited to it.
    ///
    /// Divisions are available only in accounts for which DigiCert has enabled them. Which users are limited to
    /// a division is an argument of the users: see `container_id_assignments` of `digicert_user`.
    ///
    /// !> **Warning:** CertCentral cannot delete divisions. Destroying this resource deactivates the division, and
    /// with it all divisions below it; the plan names them. `deletion_protection` must be `false` for that.
    ///
    /// ~> **Note:** If an inactive division with the same name exists below the same container, creating another
    /// one fails, and the error shows how to import the existing one. So a division cannot be replaced under the
    /// same container, for example with `-replace`. After renaming the resource, add a `moved` block.
    ///
    /// ~> **Note:** If the division was deactivated outside Terraform, or is inactive when it is imported, the plan
    /// shows an update of `is_active`, and the apply activates it. Divisions below it stay inactive unless they
    /// are managed, too.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions.
    ///
    /// **DigiCert API:** [Create container](https://dev.digicert.com/services-api/containers/create-container/),
    /// [Container info](https://dev.digicert.com/services-api/containers/container-info/),
    /// [List containers](https://dev.digicert.com/services-api/containers/list-containers/),
    /// [List child containers](https://dev.digicert.com/services-api/containers/list-child-containers/),
    /// [Update organization assignments](https://dev.digicert.com/ja/services-api/containers/update-organization-assignments/)
    ///
    /// **Unverified:** DigiCert does not document how to change, deactivate and activate a container, nor how to set
    /// its domains. The provider assumes `PUT /container/{id}` with `name` and `description`, of which an empty one
    /// clears the description; `PUT /container/{id}/deactivate` and `/activate`, or `/active` if that path does not
    /// exist; and `PUT /container/{id}/allowed-domain-names` with `allowed_domain_names`, which an empty list
    /// removes. It assumes that a response without `allowed_domain_names` means no limit.
    pub struct Division {
        /// ID of the division.
        #[attr(computed)]
        pub id: Option<Id>,
        /// Public ID of the division.
        #[attr(computed)]
        pub public_id: Option<String>,
        /// ID of the container that the division is below. By default, the root container of the account.
        #[attr(optional_computed, force_new, refers_to(&["digicert_division"]))]
        pub parent_id: Option<Id>,
        /// Name of the division.
        #[attr(names_object)]
        pub name: String,
        /// Description of the division. Omitting it clears the value.
        pub description: Option<String>,
        /// ID of the division's template, which determines the access roles of its users. By default, the template
        /// named `Business Unit` of those that the parent container allows, or its only one.
        #[attr(optional_computed, immutable)]
        pub template_id: Option<Id>,
        /// Domain names that the division can order certificates for. Null if it is not limited. An empty set
        /// removes the limit. If omitted, the limit is not changed. By default, a new division is not limited.
        #[attr(optional_computed, case_insensitive, unique_ignoring_case)]
        pub allowed_domain_names: Option<BTreeSet<String>>,
        /// IDs of the organizations that the division can order certificates for. Other organizations are removed
        /// from the division, and an empty set removes all. If omitted, they are not changed. By default,
        /// CertCentral assigns none to a new division.
        #[attr(optional_computed)]
        pub organization_ids: Option<BTreeSet<Id>>,
        /// Whether plans that destroy or replace the division fail. To destroy it, set this to `false`, apply,
        /// and then destroy it. `terraform state rm` and `removed` blocks with `destroy = false` are not
        /// affected.
        #[attr(default(true), provider_only)]
        pub deletion_protection: Option<bool>,
        /// Whether the division is active.
        #[attr(computed)]
        pub is_active: Option<bool>,
    }
}

impl Declared for Division {
    const TYPE: &'static str = "digicert_division";
}

impl Resource for Division {
    type Memory = ();

    const IMMUTABLE_HINT: &'static str = "CertCentral cannot change the template of a division. Restore the previous \
        value, or omit the argument. To use another template, add another resource block with another name.";

    const DESTROY_LOSES: &'static str = "CertCentral cannot delete a division: a destroy deactivates it and all \
        divisions below it, so that nobody can order in them.";

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        self.add(cx).await
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let (api, id) = (cx.api()?, self.known_id()?);
        let state = || self.clone().into_response();
        if let Some(row) =
            confirming_row(&api, &CONTAINERS, id, containers::ATTRIBUTES, state).await
            && self.is_unchanged_by(&self.with_empty_sets(row))
        {
            return Ok(Read::Unchanged);
        }
        let found = fetch(&api, id).await?;
        Ok(found.map_or(Read::NotFound, |answer| Read::Found(self.with_empty_sets(answer))))
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        self.update_in_steps(prior, cx).await?;
        Ok(Json::Null)
    }

    async fn delete(self, cx: &mut Context) -> Result<(), Failure> {
        let (api, id) = (cx.api()?, self.known_id()?);
        self.warn_of_destroy(id, cx).await;
        match parts::deactivate(&api, id).await {
            Err(error) if error.is_not_found() => cx.check_gone(&format!("division {id}")).await,
            deactivated => Ok(deactivated?),
        }
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        let found = find::import(id.trim(), &cx.api()?).await?;
        Ok(Self::default().with_empty_sets(found))
    }

    fn remark(&self) -> Option<Remark> {
        let reason = "it is inactive, and its configuration would activate it";
        (self.is_active == Some(false)).then(|| Remark::LeaveOut(reason.to_owned()))
    }

    async fn modify_plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        let inactive = &Value::Bool(false);
        if change.is_update() && change.prior.attribute(IS_ACTIVE) == inactive {
            change.plan(IS_ACTIVE, true.into());
        }
        let is_unprotected = change.prior.attribute("deletion_protection") == inactive;
        if change.planned.is_null() && is_unprotected {
            let prior = Self::from_value(change.prior)?;
            prior.warn_of_destroy(prior.known_id()?, cx).await;
        }
        Ok(())
    }
}

impl Division {
    /// A response in which a set that is missing or empty is empty if it is empty in the state, and otherwise
    /// null: the API has no other difference between the two.
    fn with_empty_sets(&self, mut answer: Json) -> Json {
        let is_empty = |set: &Json| set.is_null() || set.as_array().is_some_and(Vec::is_empty);
        let empty_in_state = [
            (DOMAINS, self.allowed_domain_names.as_ref().is_some_and(BTreeSet::is_empty)),
            (ORGANIZATIONS, self.organization_ids.as_ref().is_some_and(BTreeSet::is_empty)),
        ];
        for (name, keeps_empty) in empty_in_state {
            if answer.is_object() && is_empty(&answer[name]) {
                answer[name] = if keeps_empty { Json::Array(Vec::new()) } else { Json::Null };
            }
        }
        answer
    }

    /// Warns of what a destroy does. If the divisions below cannot be listed, the warning states that.
    async fn warn_of_destroy(&self, id: Id, cx: &mut Context) {
        let below = match cx.api() {
            Ok(api) => containers::active_below(&api, id).await.ok(),
            Err(_) => None,
        };
        cx.report(messages::deactivates(id, &self.name, below.as_deref()));
    }

    /// The ID in the state. 0 is not a valid ID.
    fn known_id(&self) -> Result<Id, Diagnostic> {
        self.id.filter(|id| *id != Id::default()).ok_or_else(|| messages::without_id(&self.name))
    }
}

const IS_ACTIVE: &str = "is_active";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_empty_set_is_as_in_the_state() {
        let with =
            |set: Option<BTreeSet<Id>>| Division { organization_ids: set, ..Division::default() };
        let some = || with(Some([Id::from(7)].into()));
        for (state, answer, expected) in [
            (with(None), json!({}), Json::Null),
            (with(None), json!({ ORGANIZATIONS: [] }), Json::Null),
            (with(Some(BTreeSet::new())), json!({}), json!([])),
            (with(Some(BTreeSet::new())), json!({ ORGANIZATIONS: null }), json!([])),
            (some(), json!({ ORGANIZATIONS: [] }), Json::Null),
            (with(Some(BTreeSet::new())), json!({ ORGANIZATIONS: [7] }), json!([7])),
            // Another type is left for the error that says so.
            (some(), json!({ ORGANIZATIONS: "7" }), json!("7")),
        ] {
            assert_eq!(state.with_empty_sets(answer.clone())[ORGANIZATIONS], expected, "{answer}");
        }
    }
}
