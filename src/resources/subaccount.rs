//! `digicert_subaccount`: a subaccount of the account the API key belongs to, with its one-time API key.
//!
//! Creating a subaccount cannot be undone: CertCentral has no call that closes one, and it returns the key of
//! a managed subaccount only in the response to the create. See `create` for how duplicates are prevented.

mod create;
mod find;
mod messages;

use std::collections::BTreeSet;

use serde_json::json;

use crate::certcentral::{Error, Id, KeyAnswer, Session};
use crate::kind::{Context, Declared, Failure, Read, Resource, one_time_key};
use crate::model;
use crate::recovery::{self, Journal};
use crate::schema::{Diagnostic, Json, Model};
use crate::secret::Secret;
pub(crate) use find::{SUBACCOUNTS, list, named};

model! {
    /// Creates and manages a subaccount of the account the API key belongs to.
    ///
    /// Creating a subaccount sends an e-mail to its `user`.
    ///
    /// !> **Warning:** CertCentral cannot close subaccounts. Destroying this resource makes no API call: it only
    /// removes the subaccount and its `api_key` from the state, and the subaccount stays open. CertCentral does
    /// not return the `api_key` again.
    ///
    /// ~> **Note:** Most arguments cannot be changed after creation. `deletion_protection` therefore rejects every
    /// plan that would destroy or replace the resource, even if its block was deleted or renamed.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions. Subaccounts must be enabled
    /// for the account.
    ///
    /// **DigiCert API:** [Create subaccount](https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/create-subaccount.html),
    /// [Subaccount info](https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/subaccount-info.html),
    /// [Edit subaccount](https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/edit-subaccount.html),
    /// [List subaccounts](https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/list-subaccounts.html)
    pub struct Subaccount {
        /// ID of the subaccount.
        #[attr(computed, not_returned)]
        pub id: Option<Id>,
        /// Type of the subaccount. A managed subaccount has no console and is used only through its API key.
        #[attr(one_of(ACCOUNT_TYPES), immutable)]
        pub account_type: String,
        /// Account types the subaccount may create. May be empty.
        #[attr(one_of(ACCOUNT_TYPES), create_default([]), immutable, not_returned)]
        pub allowed_grandchildren: Option<BTreeSet<String>>,
        /// Name shown only to the parent account. It can be changed, but not removed.
        #[attr(min_len(1), max_len(64), optional_computed, names_object)]
        pub child_name: Option<String>,
        /// ID of the parent account's user who manages the subaccount.
        #[attr(not_returned, refers_to(&["digicert_user"]))]
        pub account_manager_user_id: Option<Id>,
        /// Whether the parent account is billed for the subaccount's orders.
        #[attr(optional_computed)]
        pub bill_parent: Option<bool>,
        /// Whether all accounts that the subaccount creates must bill their parent.
        #[attr(optional_computed, immutable)]
        pub enforce_bill_parent: Option<bool>,
        /// Whether the subaccount may renew orders of the parent account.
        #[attr(optional_computed, not_returned)]
        pub allow_parent_order_renewal: Option<bool>,
        /// Whether the subaccount may select the issuing intermediate CA (ICA) of its certificates.
        #[attr(optional_computed, immutable, not_returned)]
        pub enable_ica_selection: Option<bool>,
        /// Maximum length in years of Multi-year Plans that the subaccount may order. By default, the parent
        /// account's value.
        #[attr(range(1, 6), optional_computed, immutable)]
        pub max_allowed_multi_year_plan_length: Option<i64>,
        /// First user of the subaccount.
        #[attr(immutable)]
        pub user: FirstUser,
        /// Organization of the subaccount.
        #[attr(immutable)]
        pub organization: Organization,
        /// Whether plans that destroy or replace the subaccount fail. To destroy it, set this to `false`, apply,
        /// and then destroy it. `terraform state rm` and `removed` blocks with `destroy = false` are not
        /// affected.
        #[attr(default(true), provider_only)]
        pub deletion_protection: Option<bool>,
        /// Time when the subaccount was created, as the API returns it: `YYYY-MM-DD hh:mm:ss`.
        #[attr(computed)]
        pub date_created: Option<String>,
        /// API key of a managed subaccount. CertCentral returns it only once, at creation. Null for other account
        /// types and for imported subaccounts. The state contains it in plain text.
        #[attr(computed, not_returned)]
        pub api_key: Option<Secret>,
    }
}

model! {
    /// First user of a subaccount.
    pub struct FirstUser {
        /// ID of the user.
        #[attr(computed, not_returned)]
        pub id: Option<Id>,
        /// Sign-in name.
        #[attr(optional_computed, not_returned, case_insensitive)]
        pub username: Option<String>,
        /// ID of the subaccount.
        #[attr(computed, not_returned)]
        pub account_id: Option<Id>,
        /// First name.
        pub first_name: String,
        /// Last name.
        pub last_name: String,
        /// E-mail address. The account creation e-mail is sent to it.
        #[attr(email)]
        pub email: String,
        /// Job title.
        pub job_title: Option<String>,
        /// Telephone number.
        pub telephone: Option<String>,
        /// Whether to disable renewal notifications for the account.
        #[attr(not_returned)]
        pub disable_renewal_notifications: Option<bool>,
        /// Type of the user.
        #[attr(computed, not_returned)]
        pub r#type: Option<String>,
    }
}

model! {
    /// Organization of a subaccount.
    pub struct Organization {
        /// ID of the organization.
        #[attr(computed)]
        pub id: Option<Id>,
        /// Status of the organization, for example `active`.
        #[attr(computed)]
        pub status: Option<String>,
        /// Legal name.
        #[attr(names_object)]
        pub name: String,
        /// Trade name, if different from the legal name.
        #[attr(not_returned)]
        pub assumed_name: Option<String>,
        /// Legal name combined with the assumed name.
        #[attr(computed, not_returned)]
        pub display_name: Option<String>,
        /// Whether the organization is active.
        #[attr(computed)]
        pub is_active: Option<bool>,
        /// Street address.
        pub address: String,
        /// Second line of the street address.
        #[attr(not_returned)]
        pub address2: Option<String>,
        /// Postal code.
        pub zip: String,
        /// City.
        pub city: String,
        /// State or province.
        #[attr(case_insensitive)]
        pub state: String,
        /// Country.
        #[attr(country_code)]
        pub country: String,
        /// Telephone number.
        pub telephone: Option<String>,
        /// Container the organization belongs to.
        #[attr(computed, object)]
        pub container: Option<Container>,
    }
}

model! {
    /// Primary container of an organization.
    pub struct Container {
        /// ID of the container.
        pub id: Option<Id>,
        /// ID of the parent container.
        pub parent_id: Option<Id>,
        /// Name of the container.
        pub name: Option<String>,
        /// Whether the container is active.
        pub is_active: Option<bool>,
    }
}

impl Declared for Subaccount {
    const TYPE: &'static str = "digicert_subaccount";
}

impl Resource for Subaccount {
    type Memory = ();

    const IMMUTABLE_HINT: &'static str = "To keep this subaccount, restore the previous value, or add the argument to \
        `lifecycle { ignore_changes }`. To create another subaccount, add another resource block. To stop \
        managing this one, save its api_key and remove it from the state with `terraform state rm` or, for all \
        instances of a resource at once, a `removed` block.\n\n-replace and `terraform destroy` run this plan, \
        too: to destroy the resource, restore the previous value or use -refresh=false.";

    const DESTROY_LOSES: &'static str = "CertCentral cannot close a subaccount: a destroy only removes it from the \
        state, together with its api_key, which CertCentral does not return again. Save the api_key first.";

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let created = self.create_or_restore(&api, cx).await?;
        Ok(self.state_after_create(created, &api, cx).await)
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let api = cx.api()?;
        let id = match self.id {
            Some(id) => id,
            None => match self.find_created(&api, cx).await? {
                Some(id) => id,
                None => return Ok(Read::Unchanged),
            },
        };
        match fetch(&api, id).await? {
            Some(answer) => Ok(Read::Found(answer)),
            None if self.deletion_protection == Some(false) => Ok(Read::NotFound),
            None => {
                Err(messages::not_found(id, cx.is_imported() && self.account_type.is_empty())
                    .into())
            }
        }
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        let mut body = self.changes(&prior);
        if prior.account_manager_user_id.is_some() && self.account_manager_user_id.is_none() {
            body.insert("allow_removing_account_manager".into(), true.into());
        }
        // Arguments that an import could not read are only saved to the state.
        if body.is_empty() {
            return Ok(Json::Null);
        }
        let id = self.id.ok_or_else(|| messages::id_not_known(&self))?;
        cx.api()?.put(&path(id), &Json::Object(body)).await?;
        Ok(Json::Null)
    }

    async fn delete(self, _cx: &mut Context) -> Result<(), Failure> {
        Ok(())
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        Ok(json!({ "id": find::import(id.trim(), &cx.api()?).await? }))
    }

    /// A destroy makes no API call, so only the key in the state can be lost.
    fn is_lost_when_destroyed(&self) -> bool {
        self.api_key.is_some()
    }

    async fn forget_record(&self, journal: &Journal) -> Result<(), recovery::Error> {
        one_time_key::forget_records(journal, CREATE_PATH, self.id, self.api_key.as_ref()).await
    }

    fn destroy_warning(&self) -> Option<Diagnostic> {
        Some(messages::stays_open(self))
    }
}

impl Subaccount {
    /// The state of a new subaccount: the response to the POST, completed by a read.
    async fn state_after_create(
        &self,
        created: KeyAnswer,
        api: &Session,
        cx: &mut Context,
    ) -> Json {
        let mut state = created.answer.map_or(Json::Null, |answer| answer.into_json());
        if !state.is_object() {
            state = json!({});
        }
        match created.id {
            Some(id) => {
                state["id"] = json!(id);
                match fetch(api, id).await {
                    Ok(Some(answer)) => complete(&mut state, answer),
                    Ok(None) => {
                        cx.report(messages::not_read_yet(id, "CertCentral did not find it yet"));
                    }
                    Err(error) => {
                        let reason = format!("reading it failed: {error}");
                        cx.report(messages::not_read_yet(id, &reason));
                    }
                }
            }
            None => cx.report(messages::created_without_id(self)),
        }
        match created.api_key {
            Some(key) => state["api_key"] = json!(key.expose()),
            None if self.account_type == "managed" => {
                cx.report(messages::created_without_key(created.id));
            }
            None => {}
        }
        state
    }
}

/// The subaccount with this ID as attributes; `None` if there is none.
pub(crate) async fn fetch(api: &Session, id: Id) -> Result<Option<Json>, Error> {
    let answer = api.object(PATH, id, "account_id").await?;
    Ok(answer.map(|answer| as_attributes(answer.into_json())))
}

fn path(id: Id) -> String {
    format!("{PATH}/{id}")
}

const PATH: &str = "account/subaccount";

/// The response to a read, with the field names of the create.
///
/// <https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/subaccount-info.html>
pub(crate) fn as_attributes(mut answer: Json) -> Json {
    if let Some(fields) = answer.as_object_mut() {
        for (read, created) in [("account_id", "id"), ("master_user", "user")] {
            if let Some(value) = fields.remove(read) {
                fields.insert(created.into(), value);
            }
        }
        fields.entry("enforce_bill_parent").or_insert(false.into());
    }
    answer
}

/// Adds missing fields from a second response.
fn complete(answer: &mut Json, with: Json) {
    match (answer, with) {
        (Json::Object(fields), Json::Object(with)) => {
            for (name, value) in with {
                complete(fields.entry(name).or_insert(Json::Null), value);
            }
        }
        (missing @ Json::Null, with) => *missing = with,
        _ => {}
    }
}

/// <https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/create-subaccount.html>
const ACCOUNT_TYPES: &[&str] = &["retail", "enterprise", "reseller", "managed"];

/// Path of the request that creates a subaccount.
///
/// <https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/create-subaccount.html>
const CREATE_PATH: &str = "account";
