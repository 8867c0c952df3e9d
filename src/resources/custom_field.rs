//! `digicert_custom_field`: a field that orders have in addition to those of CertCentral.
//!
//! The response to the request that creates a field is empty, and labels are not unique. So a new field is found
//! by comparing two lists: see `create`.

mod create;
mod delete;
mod list;
mod messages;

use std::collections::BTreeSet;

use serde_json::json;

use crate::certcentral::{Id, Session};
use crate::kind::{self, Change, Declared, Existing, Failure, Read, Resource};
use crate::model;
use crate::schema::{Json, Model};
use list::PATH;

model! {
    /// Manages a custom field of the order forms of the account the API key belongs to.
    ///
    /// Labels are not unique in CertCentral: creating this resource neither fails nor adopts a field if another
    /// one has the same label. Import an existing field to manage it.
    ///
    /// ~> **Note:** If CertCentral refuses to delete a field, for example because orders use it, destroying the
    /// resource deactivates the field instead, with a warning.
    ///
    /// ~> **Note:** If no response to the request that creates a field is received and the field is not listed,
    /// nothing is sent again, and the apply fails. If the field appears later, import it or delete it in
    /// CertCentral.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions.
    ///
    /// **DigiCert API:** [List custom fields](https://dev.digicert.com/certcentral-apis/services-api/account/list-custom-fields.html),
    /// [Add custom field](https://dev.digicert.com/zh-cn/services-api/account/add-custom-field/),
    /// [Edit custom field](https://dev.digicert.com/ko/services-api/account/edit-custom-field/)
    ///
    /// **Unverified:** DigiCert documents neither the deletion of a field nor what CertCentral does with values
    /// that an update omits. The provider sends `DELETE /account/metadata/{id}`, and takes HTTP 400, 405, 409 and
    /// 422 as a refusal. Every update contains all arguments. The provider assumes that an update keeps properties
    /// that are not managed here, such as whether receipts show the field. It reports an error if CertCentral keeps
    /// a `data_type` that was removed from the configuration.
    pub struct CustomField {
        /// ID of the custom field.
        #[attr(computed)]
        pub id: Option<Id>,
        /// Label that the order form shows.
        #[attr(names_object)]
        pub label: String,
        /// Type of the values. If omitted, any value is accepted.
        #[attr(one_of(&["text", "int", "email_address", "email_list"]))]
        pub data_type: Option<String>,
        /// Whether every order must have a value.
        #[attr(default(false))]
        pub is_required: Option<bool>,
        /// Whether the order form shows the field.
        #[attr(default(true))]
        pub is_active: Option<bool>,
    }
}

/// What is remembered of a field that was created and is not listed yet.
#[derive(Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Unlisted {
    /// The IDs of all fields that existed before.
    before: Option<BTreeSet<Id>>,
}

type Context = kind::Context<Unlisted>;

impl Declared for CustomField {
    const TYPE: &'static str = "digicert_custom_field";
}

impl Resource for CustomField {
    type Memory = Unlisted;

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        Ok(json!({ "id": self.add(cx).await? }))
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let api = cx.api()?;
        let Some(id) = self.id else { return self.read_unlisted(&api, cx).await };
        Ok(list::read(&api, id).await?.map_or(Read::NotFound, Read::Found))
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let id = self.known_id(&prior, &api, cx).await?;
        let updated = api.put(&path(id), &Json::Object(self.body())).await;
        updated.map_err(|error| match error.is_not_found() {
            true => Failure::advised(error, messages::NOT_FOUND_HINT),
            false => error.into(),
        })?;
        if self.data_type.is_none() && prior.data_type.is_some() {
            self.check_type_removed(id, &prior, &api, cx).await?;
        }
        cx.private.before = None;
        Ok(json!({ "id": id }))
    }

    async fn delete(self, cx: &mut Context) -> Result<(), Failure> {
        let api = cx.api()?;
        let id = self.known_id(&self, &api, cx).await?;
        self.delete_or_deactivate(id, &api, cx).await
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        list::import(id.trim(), &cx.api()?).await
    }

    /// An update finds the ID of a field that was not listed after its create.
    async fn modify_plan(change: &mut Change<'_>, _cx: &mut Context) -> Result<(), Failure> {
        if change.is_update()
            && change.prior != change.planned
            && change.prior.attribute("id").is_null()
        {
            change.known_after_apply(&["id"]);
        }
        Ok(())
    }

    async fn existing(cx: &mut Context) -> Result<Vec<Existing>, Failure> {
        Ok(list::existing(&cx.api()?).await?)
    }
}

impl CustomField {
    /// The ID in the state. A field that was not listed after it was created is looked for.
    async fn known_id(&self, prior: &Self, api: &Session, cx: &mut Context) -> Result<Id, Failure> {
        if let Some(id) = prior.id {
            return Ok(id);
        }
        match prior.find_unlisted(api, cx).await? {
            Some((id, _)) => Ok(id),
            None => Err(messages::without_id(&self.label).into()),
        }
    }

    /// Checks that the update removed the data type. If the list cannot be read, the next read notices.
    async fn check_type_removed(
        &self,
        id: Id,
        prior: &Self,
        api: &Session,
        cx: &mut Context,
    ) -> Result<(), Failure> {
        let Ok(Some(field)) = list::read(api, id).await else { return Ok(()) };
        if field.get("data_type").is_none_or(Json::is_null) {
            return Ok(());
        }
        cx.set_partial_state(Self { data_type: prior.data_type.clone(), ..self.clone() });
        Err(messages::type_kept(id, prior.data_type.as_deref().unwrap_or_default()).into())
    }
}

/// <https://dev.digicert.com/ko/services-api/account/edit-custom-field/>
fn path(id: Id) -> String {
    format!("{PATH}/{id}")
}
