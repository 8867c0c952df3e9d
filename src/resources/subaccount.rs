//! `digicert_subaccount`: an account below the key's own, with the key it is given once.
//!
//! What cannot be undone shapes everything here: CertCentral has no call that closes a subaccount, and
//! shows the key of a managed one only in the answer that opens it. How one is opened stands in `opening`.

mod find;
mod opening;

use std::collections::BTreeSet;

use serde_json::json;

use crate::certcentral::{Error, Id, KeyAnswer, Session, printable};
use crate::kind::{Context, Declared, Failure, Read, Resource};
use crate::model;
use crate::recovery::{self, Journal};
use crate::schema::{Diagnostic, Json, Model};
use crate::secret::Secret;

model! {
    /// Opens a subaccount of the account behind the API key and manages what can be changed about it.
    ///
    /// CertCentral has no API call that closes a subaccount. Destroying this resource makes no API call: it
    /// only removes the subaccount from the state, together with its `api_key`. Most arguments cannot be
    /// changed after creation. `deletion_protection` therefore refuses every plan that would destroy or
    /// replace the resource, also where its block was deleted or renamed.
    ///
    /// Creating one sends an e-mail to the address of its `user`.
    pub struct Subaccount {
        /// Number of the account.
        #[attr(computed, not_returned)]
        pub id: Option<Id>,
        /// Type of the account. A managed account has no console and is worked through its API key alone.
        #[attr(one_of(ACCOUNT_TYPES), immutable)]
        pub account_type: String,
        /// Account types the subaccount may create. May be empty.
        #[attr(one_of(ACCOUNT_TYPES), create_default([]), immutable, not_returned)]
        pub allowed_grandchildren: Option<BTreeSet<String>>,
        /// Name that only the parent sees. It cannot be taken away again, only changed.
        #[attr(min_len(1), max_len(64), optional_computed)]
        pub child_name: Option<String>,
        /// Number of the user of the parent account who manages the subaccount.
        #[attr(not_returned)]
        pub account_manager_user_id: Option<Id>,
        /// Whether the parent is billed for the subaccount's orders.
        #[attr(optional_computed)]
        pub bill_parent: Option<bool>,
        /// Whether the subaccount can open only accounts whose parent is billed.
        #[attr(optional_computed, immutable)]
        pub enforce_bill_parent: Option<bool>,
        /// Whether the subaccount may renew orders that the parent made.
        #[attr(optional_computed, not_returned)]
        pub allow_parent_order_renewal: Option<bool>,
        /// Whether the subaccount may choose the issuing CA of its certificates.
        #[attr(optional_computed, immutable, not_returned)]
        pub enable_ica_selection: Option<bool>,
        /// Length in years of the longest Multi-year Plan the subaccount may order; the parent's own
        /// by default.
        #[attr(range(1, 6), optional_computed, immutable)]
        pub max_allowed_multi_year_plan_length: Option<i64>,
        /// First user of the subaccount.
        #[attr(immutable)]
        pub user: FirstUser,
        /// Organization the subaccount belongs to.
        #[attr(immutable)]
        pub organization: Organization,
        /// Whether Terraform refuses to destroy the subaccount. To destroy it, set this to `false`, apply, and
        /// destroy it then. Not asked for: `terraform state rm` and `removed` blocks with `destroy = false`.
        #[attr(default(true), provider_only)]
        pub deletion_protection: Option<bool>,
        /// When the subaccount was opened, as CertCentral writes it: `YYYY-MM-DD hh:mm:ss`.
        #[attr(computed)]
        pub date_created: Option<String>,
        /// API key of a managed subaccount. CertCentral shows it only once, when the subaccount is opened;
        /// it is null for other types and after an import. Whoever can read the state can read it.
        #[attr(computed, not_returned)]
        pub api_key: Option<Secret>,
    }
}

model! {
    /// First user of a subaccount.
    pub struct FirstUser {
        /// Number of the user.
        #[attr(computed, not_returned)]
        pub id: Option<Id>,
        /// Name to sign in with.
        #[attr(optional_computed, not_returned, case_insensitive)]
        pub username: Option<String>,
        /// Number of the subaccount.
        #[attr(computed, not_returned)]
        pub account_id: Option<Id>,
        /// First name.
        pub first_name: String,
        /// Last name.
        pub last_name: String,
        /// Address the account creation e-mail goes to.
        #[attr(email)]
        pub email: String,
        /// Job title.
        pub job_title: Option<String>,
        /// Telephone number.
        pub telephone: Option<String>,
        /// Whether the account is spared renewal notifications.
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
        /// Number of the organization.
        #[attr(computed)]
        pub id: Option<Id>,
        /// Status of the organization, such as `active`.
        #[attr(computed)]
        pub status: Option<String>,
        /// Legal name.
        pub name: String,
        /// Public name, where it does business under another one.
        #[attr(not_returned)]
        pub assumed_name: Option<String>,
        /// Legal name and assumed name together.
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
        /// Container the organization is in.
        #[attr(computed, object)]
        pub container: Option<Container>,
    }
}

model! {
    /// Primary container of an organization.
    pub struct Container {
        /// Number of the container.
        pub id: Option<Id>,
        /// Number of the container above it.
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

    const IMMUTABLE_HINT: &'static str = "To keep this subaccount as it is, restore the old value, or add the argument to \
        `lifecycle { ignore_changes }`. For a second subaccount, add another resource block. To stop managing \
        this one, save its api_key and remove it from the state with `terraform state rm` or, for all \
        instances of a resource at once, a `removed` block.\n\nTerraform also asks for this plan before -replace \
        and before `terraform destroy`: to destroy the resource, restore the old value or use -refresh=false.";

    const DESTROY_LOSES: &'static str = "A subaccount cannot be closed: a destroy only removes it from the state, \
        together with its api_key, which CertCentral does not return again. Save the api_key first.";

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let made = self.open(&api, cx).await?;
        Ok(self.made(made, &api, cx).await)
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
            None => Err(absent(id, cx.is_imported() && self.account_type.is_empty()).into()),
        }
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        let mut body = self.changes(&prior);
        if prior.account_manager_user_id.is_some() && self.account_manager_user_id.is_none() {
            body.insert("allow_removing_account_manager".into(), true.into());
        }
        // Arguments that an import could not read are adopted without a call.
        if body.is_empty() {
            return Ok(Json::Null);
        }
        let id = self.id.ok_or_else(|| unidentified(&self))?;
        cx.api()?.put(&path(id), &Json::Object(body)).await?;
        Ok(Json::Null)
    }

    async fn delete(self, _cx: &mut Context) -> Result<(), Failure> {
        Ok(())
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        Ok(json!({ "id": find::import(id.trim(), &cx.api()?).await? }))
    }

    /// A destroy makes no API call, so all that can be lost is the key in the state.
    fn is_lost_when_destroyed(&self) -> bool {
        self.api_key.is_some()
    }

    async fn forget_record(&self, journal: &Journal) -> Result<(), recovery::Error> {
        let in_state = |answer: &[u8]| {
            let made = KeyAnswer::from_bytes(opening::PATH, answer);
            // Nothing of the answer may be missing from the state: after an import, the key is.
            let has_id = made.id.is_none() || made.id == self.id;
            let has_key = made.api_key.is_none() || made.api_key == self.api_key;
            made.is_usable() && has_id && has_key
        };
        journal.forget_record(in_state).await
    }

    fn destroy_warning(&self) -> Option<Diagnostic> {
        let key = match self.api_key {
            Some(_) => {
                " Its api_key is removed from the state with it, and CertCentral does not return it again: save \
                 it before the apply. Afterwards only an earlier version of the state has it."
            }
            None => "",
        };
        let detail = format!(
            "CertCentral has no API call that closes a subaccount. Subaccount {} ({}) stays open and is only \
             removed from the state.{key}",
            self.number(),
            self.title()
        );
        Some(Diagnostic::warning("Subaccount stays open", detail))
    }
}

impl Subaccount {
    /// The state of a subaccount that has just been opened: the answer to the POST, completed by a read.
    async fn made(&self, made: KeyAnswer, api: &Session, cx: &mut Context) -> Json {
        let mut state = made.answer.map_or(Json::Null, |answer| answer.into_json());
        if !state.is_object() {
            state = json!({});
        }
        match made.id {
            Some(id) => {
                state["id"] = json!(id);
                let reason = match fetch(api, id).await {
                    Ok(Some(answer)) => {
                        complete(&mut state, answer);
                        None
                    }
                    Ok(None) => Some("CertCentral does not find it yet".to_owned()),
                    Err(error) => Some(format!("reading it failed: {error}")),
                };
                if let Some(reason) = reason {
                    let detail = format!(
                        "Subaccount {id} is open, but {reason}. The next refresh fills in what is missing."
                    );
                    cx.warn("Subaccount not read yet", detail);
                }
            }
            None => cx.warn(
                "Subaccount without id",
                format!(
                    "The subaccount for {} is open and its api_key is in the state, but the answer was cut \
                     before its id. The next refresh looks for it in the list of subaccounts.",
                    self.title()
                ),
            ),
        }
        match made.api_key {
            Some(key) => state["api_key"] = json!(key.expose()),
            None if self.account_type == "managed" => cx.warn(
                "Subaccount without API key",
                format!(
                    "Managed subaccount {} is open, but the answer did not hold its api_key, and CertCentral shows \
                     it only once. Ask DigiCert support for a new key: https://www.digicert.com/contact-us/",
                    made.id.map_or_else(String::new, |id| id.to_string())
                ),
            ),
            None => {}
        }
        state
    }

    fn number(&self) -> String {
        self.id.map_or_else(|| "of unknown number".to_owned(), |id| id.to_string())
    }

    /// What a person knows the subaccount by.
    fn title(&self) -> String {
        match &self.child_name {
            Some(name) => printable(&format!("{:?}, {name:?}", self.organization.name)),
            None => printable(&format!("{:?}", self.organization.name)),
        }
    }

    fn description(&self) -> String {
        format!(
            "a {} subaccount for {} with the first user {}",
            printable(&self.account_type),
            self.title(),
            printable(&self.user.email)
        )
    }
}

fn absent(id: Id, importing: bool) -> Diagnostic {
    if importing {
        let detail = format!("The account behind the API key has no subaccount {id}.");
        return Diagnostic::error("Subaccount not found", detail);
    }
    let detail = format!(
        "The account the API key belongs to has no subaccount {id}. A subaccount cannot be closed through the \
         API, and its api_key would be lost with the state, so the state is kept. Check that the key and \
         base_url belong to the right account. If DigiCert has closed the subaccount, save its api_key and \
         remove it from the state with `terraform state rm` or a `removed` block."
    );
    Diagnostic::error("Subaccount not found", detail)
}

fn unidentified(subaccount: &Subaccount) -> Diagnostic {
    let detail = format!(
        "The number of the subaccount for {} is not known yet, so it cannot be changed. Run a refresh first.",
        subaccount.title()
    );
    Diagnostic::error("Subaccount without id", detail)
}

/// The subaccount with that ID as attributes; `None` if there is none.
async fn fetch(api: &Session, id: Id) -> Result<Option<Json>, Error> {
    let answer = api.object(PATH, id, "account_id").await?;
    Ok(answer.map(|answer| as_attributes(answer.into_json())))
}

fn path(id: Id) -> String {
    format!("{PATH}/{id}")
}

const PATH: &str = "account/subaccount";

/// The read's answer under the names that the create uses.
///
/// <https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/subaccount-info.html>
fn as_attributes(mut answer: Json) -> Json {
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

/// Adds what is missing from a second answer.
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
