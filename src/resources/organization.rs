//! `digicert_organization`: a legal entity that certificates are issued to.
//!
//! CertCentral cannot edit an organization. Its contacts are changed by `digicert_organization_contacts`,
//! and its validations are only added to.

mod add;
mod find;
mod listed;
mod messages;
mod new;
mod plan;
mod validations;

use std::collections::BTreeSet;

use crate::certcentral::{Error, Id, Session};
use crate::kind::{Change, Context, Declared, Failure, Read, Resource};
use crate::model;
use crate::schema::{Diagnostic, Diagnostics, Json, Value};
pub(crate) use listed::{ORGANIZATIONS, as_attributes};
use validations::VALIDATIONS;

model! {
    /// Manages a CertCentral organization: a legal entity that certificates are issued to.
    ///
    /// The organization contact is sent only when the organization is created. Afterwards, it is managed by
    /// `digicert_organization_contacts`: a change of `organization_contact` changes nothing in CertCentral.
    ///
    /// !> **Warning:** Destroying this resource permanently deletes the organization and its domains.
    /// `deletion_protection` must be `false` for that. DigiCert's pages disagree on organizations that are used by
    /// orders: CertCentral refuses to delete them, or their certificates can no longer be reissued and pending orders
    /// cannot be completed. CertCentral does not delete the first organization of an account.
    ///
    /// ~> **Note:** CertCentral cannot edit organizations, so most arguments cannot be changed after creation. For a
    /// new name or address, add another resource block. Its organization must be validated again.
    ///
    /// ~> **Note:** Submitting an organization for validation makes DigiCert contact it. The provider submits the
    /// types of `validation_types` that have no active or pending validation, also if a validation expires later.
    /// Removing a type from the argument removes nothing in CertCentral.
    ///
    /// **Required permissions:** API key of an administrator or manager, without restrictions or restricted to
    /// Orders, Domains, Organizations.
    ///
    /// **DigiCert API:** [Create organization](https://dev.digicert.com/en/certcentral-apis/services-api/organizations/create-organization.html),
    /// [Organization info](https://dev.digicert.com/en/certcentral-apis/services-api/organizations/organization-info.html),
    /// [List organizations](https://dev.digicert.com/en/certcentral-apis/services-api/organizations/list-organizations.html),
    /// [Delete organization](https://dev.digicert.com/en/certcentral-apis/services-api/organizations/delete-organization.html),
    /// [Submit for validation](https://dev.digicert.com/pt-br/services-api/organizations/submit-validation/),
    /// [Validation details](https://dev.digicert.com/en/certcentral-apis/services-api/organizations/validation-details.html)
    ///
    /// **Unverified:** One page states that a request to create an organization that matches an existing one fails,
    /// an older one that the existing one is returned. The provider never asks CertCentral to skip this check, searches
    /// for the name first, and treats the ID of an existing organization in the response as an error. It assumes that
    /// the search finds names. One page requires `verified_users` for every validation, another one only for `ev`, `cs`
    /// and `ev_cs`: the provider requires them for these, and sends them with all. It assumes that a validation that was
    /// submitted is listed as `pending`, and that a validation without a time has none yet.
    pub struct Organization {
        /// ID of the organization.
        #[attr(computed)]
        pub id: Option<Id>,
        /// Legal name. At most 61 characters together with `assumed_name`.
        #[attr(immutable, max_len(64), names_object)]
        pub name: String,
        /// Trade name, if different from the legal name.
        #[attr(immutable, max_len(64))]
        pub assumed_name: Option<String>,
        /// Legal name combined with the assumed name.
        #[attr(computed)]
        pub display_name: Option<String>,
        /// Status of the organization, for example `active`.
        #[attr(computed)]
        pub status: Option<String>,
        /// Whether the organization is active.
        #[attr(computed)]
        pub is_active: Option<bool>,
        /// Street address.
        #[attr(immutable, max_len(64))]
        pub address: String,
        /// Second line of the street address.
        #[attr(immutable, max_len(64))]
        pub address2: Option<String>,
        /// Postal code.
        #[attr(immutable, max_len(40))]
        pub zip: String,
        /// City.
        #[attr(immutable, max_len(64))]
        pub city: String,
        /// State or province.
        #[attr(immutable, max_len(64), case_insensitive)]
        pub state: String,
        /// Two-letter country code.
        #[attr(immutable, country_code)]
        pub country: String,
        /// Telephone number.
        #[attr(immutable, max_len(32))]
        pub telephone: String,
        /// ID of the container (division) the organization belongs to. By default, the container of the API key's
        /// user.
        #[attr(optional_computed, immutable, refers_to(&["digicert_division"]))]
        pub container_id: Option<Id>,
        /// Organization contact of a new organization. Required when the resource is created. It is not read, and a
        /// change of it changes nothing in CertCentral: use `digicert_organization_contacts`.
        #[attr(provider_only)]
        pub organization_contact: Option<Contact>,
        /// Types of validation to submit the organization for: `ov`, `ev`, `cs` (code signing), `ev_cs`, `ds` (document
        /// signing), `smime`. A type with an active or pending validation is not submitted again. Removing a type
        /// removes nothing in CertCentral. Null after an import.
        #[attr(provider_only, one_of(TYPES))]
        pub validation_types: Option<BTreeSet<String>>,
        /// IDs of users who are verified with the validations that are submitted. Required for the types `ev`, `cs` and
        /// `ev_cs`. Users need a job title and a telephone number. A change is not sent unless a validation is submitted.
        /// Null after an import.
        #[attr(
            provider_only,
            not_empty("omit the argument if no user is to be verified"),
            refers_to(&["digicert_user"])
        )]
        pub verified_user_ids: Option<BTreeSet<Id>>,
        /// Whether plans that destroy or replace the organization fail. To destroy it, set this to `false`, apply,
        /// and then destroy it. `terraform state rm` and `removed` blocks with `destroy = false` are not
        /// affected.
        #[attr(default(true), provider_only)]
        pub deletion_protection: Option<bool>,
        /// Validations of the organization, sorted by type.
        #[attr(computed)]
        pub validations: Option<Vec<Validation>>,
    }
}

model! {
    /// Contact details of a new organization.
    pub struct Contact {
        /// First name.
        #[attr(max_len(128))]
        pub first_name: String,
        /// Last name.
        #[attr(max_len(128))]
        pub last_name: String,
        /// E-mail address.
        #[attr(max_len(255), email)]
        pub email: String,
        /// Job title.
        #[attr(max_len(64))]
        pub job_title: Option<String>,
        /// Telephone number.
        #[attr(max_len(32))]
        pub telephone: Option<String>,
        /// Extension of the telephone number.
        #[attr(max_len(16))]
        pub telephone_extension: Option<String>,
    }
}

model! {
    /// A validation of an organization.
    pub struct Validation {
        /// Type of the validation, for example `ov`.
        pub r#type: Option<String>,
        /// Status of the validation: `active`, `pending` or `expired`.
        pub status: Option<String>,
        /// Time when the validation was submitted, as the API returns it.
        pub date_created: Option<String>,
        /// Time until which the validation is valid, as the API returns it. Null while it is pending.
        pub validated_until: Option<String>,
    }
}

impl Declared for Organization {
    const TYPE: &'static str = "digicert_organization";
}

impl Resource for Organization {
    type Memory = ();

    const IMMUTABLE_HINT: &'static str = "CertCentral cannot edit organizations. To keep this organization, restore the \
        previous value, or add the argument to `lifecycle { ignore_changes }`. For an organization with the new \
        values, add another resource block; it must be validated again. To stop managing this one, remove it from the \
        state with `terraform state rm` or a `removed` block.\n\n-replace and `terraform destroy` run this plan, too: \
        to destroy the resource, restore the previous value or use -refresh=false.";

    const DESTROY_LOSES: &'static str = "A destroy permanently deletes the organization with its domains and its \
        validations. Certificates for it could then no longer be reissued.";

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        self.add(cx).await
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let (api, id) = (cx.api()?, self.known_id()?);
        if self.matches_list_row(&api, id).await {
            return Ok(Read::Unchanged);
        }
        let Some(mut found) = fetch(&api, id).await? else { return Ok(Read::NotFound) };
        found[VALIDATIONS] = validations::fetch(&api, id).await?;
        Ok(Read::Found(self.without_later_values(found)))
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        if self.has_all_validations(prior.validations.as_deref()) {
            return Ok(Json::Null);
        }
        self.submit_missing(self.known_id()?, cx).await
    }

    async fn delete(self, cx: &mut Context) -> Result<(), Failure> {
        let id = self.known_id()?;
        cx.delete(&path(id)).await.map_err(|failure| match failure {
            Failure::Api { error, .. } if error.is_refusal() => {
                Failure::advised(*error, messages::NOT_DELETED)
            }
            other => other,
        })
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        find::import(id.trim(), &cx.api()?).await
    }

    fn validate_config(config: &Value, diagnostics: &mut Diagnostics) {
        diagnostics.extend(plan::long_names(config));
        diagnostics.extend(plan::unverified(config));
    }

    async fn modify_plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        if change.planned.is_null() {
            return Ok(());
        }
        if change.prior.is_null() {
            plan::missing_contact(change.config).into_iter().for_each(|it| cx.report(it));
            return Ok(());
        }
        plan::keep_contact(change);
        plan::validations(change).into_iter().for_each(|warning| cx.report(warning));
        Ok(())
    }

    fn destroy_warning(&self) -> Option<Diagnostic> {
        Some(messages::deleted(self))
    }
}

impl Organization {
    /// A response without optional arguments that are omitted in a known state. They cannot be changed, so a value
    /// that was added outside Terraform would make every plan an error.
    fn without_later_values(&self, mut found: Json) -> Json {
        if self.name.is_empty() {
            return found;
        }
        let omitted = [("assumed_name", &self.assumed_name), ("address2", &self.address2)];
        if let Some(fields) = found.as_object_mut() {
            for (name, _) in omitted.iter().filter(|(_, value)| value.is_none()) {
                fields.remove(*name);
            }
        }
        found
    }

    /// The ID in the state. 0 is not a valid ID.
    fn known_id(&self) -> Result<Id, Diagnostic> {
        self.id.filter(|id| *id != Id::default()).ok_or_else(|| messages::without_id(&self.name))
    }
}

/// The organization with this ID as attributes, without its validations; `None` if there is none.
pub(crate) async fn fetch(api: &Session, id: Id) -> Result<Option<Json>, Error> {
    let answer = api.object(PATH, id, "id").await?;
    Ok(answer.map(|answer| as_attributes(answer.into_json())))
}

fn path(id: Id) -> String {
    format!("{PATH}/{id}")
}

const PATH: &str = "organization";

/// <https://dev.digicert.com/pt-br/services-api/organizations/submit-validation/>
const TYPES: &[&str] = &["ov", "ev", "cs", "ev_cs", "ds", "smime"];
