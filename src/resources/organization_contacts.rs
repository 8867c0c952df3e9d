//! `digicert_organization_contacts`: the organization contact and the technical contact of an organization.
//!
//! CertCentral has one call to set contacts. It replaces all fields of each contact that is sent, and does
//! not change a contact that is not sent. The read returns the organization contact; DigiCert does not
//! document whether it returns the technical contact.

mod encoding;
mod overwritten;

use serde_json::json;
use tokio::sync::OwnedMutexGuard;

use crate::certcentral::{Error, Id, Session};
use crate::kind::{self, Change, Declared, Failure, Read, Resource, import_id};
use crate::model;
use crate::schema::{Diagnostic, Diagnostics, Json, Model, Path, Value};
use encoding::{ORGANIZATION, TECHNICAL, changes, contact, fetch, removal, send};

model! {
    /// Manages the contacts of an existing CertCentral organization: the organization contact, the technical
    /// contact, or both. The organization can be one that `digicert_organization` creates, which sends the
    /// organization contact only when it is created.
    ///
    /// Contacts without a block are not managed. Contacts on existing orders are not changed.
    ///
    /// !> **Warning:** Creating this resource overwrites the current contacts of the organization. The plan warns
    /// about values that it replaces or clears, if the API returns them.
    ///
    /// ~> **Note:** CertCentral cannot remove an organization contact. Destroying this resource removes the
    /// technical contact, if it is managed, and does not change the organization contact. A technical contact
    /// that another resource has set in the same apply is not removed.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to Orders,
    /// Domains, Organizations.
    ///
    /// **DigiCert API:** [Update organization and technical contact](https://dev.digicert.com/certcentral-apis/services-api/organizations/update-organization-and-technical-contact.html),
    /// [Organization info](https://dev.digicert.com/en/certcentral-apis/services-api/organizations/organization-info.html)
    pub struct OrganizationContacts {
        /// ID of the organization.
        #[attr(computed)]
        pub id: Option<Id>,
        /// ID of the organization whose contacts are managed.
        #[attr(force_new, refers_to(&["digicert_organization"]))]
        pub organization_id: Id,
        /// Organization contact. It cannot be removed from an organization: removing the block only stops
        /// managing it. At least one of the two blocks is required.
        pub organization_contact: Option<Contact>,
        /// Technical contact. Removing the block removes the contact. The API may not return it. In that case,
        /// changes made outside Terraform are not detected, and an import reads only the organization contact.
        pub technical_contact: Option<Contact>,
    }
}

model! {
    /// Contact details. Omitted arguments are cleared in CertCentral.
    pub struct Contact {
        /// ID of the contact. Changing the name or the e-mail address creates a contact with a new ID. Null if
        /// the API does not return it.
        #[attr(computed, recomputed_with(&["first_name", "last_name", "email"]))]
        pub id: Option<Id>,
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
        /// Language of e-mails to the contact, as a locale code of
        /// [DigiCert's glossary](https://dev.digicert.com/glossary/), for example `1`.
        #[attr(not_returned)]
        pub language_id: Option<String>,
    }
}

/// What answers about this organization have carried.
#[derive(Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Seen {
    /// A technical contact. CertCentral need not return one; once it has, a missing one means that there is
    /// none.
    technical_contact: bool,
}

type Context = kind::Context<Seen>;

impl Declared for OrganizationContacts {
    const TYPE: &'static str = "digicert_organization_contacts";
}

impl Resource for OrganizationContacts {
    type Memory = Seen;

    const SHARED: bool = true;

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        look_up_account(cx).await;
        self.send_changes(&Self::default(), cx).await
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let id = self.organization()?;
        match fetch(&cx.api()?, id).await? {
            Some(answer) => Ok(Read::Found(self.managed(contacts(id, answer.json(), cx), cx))),
            None => Ok(Read::NotFound),
        }
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        self.send_changes(&prior, cx).await
    }

    async fn delete(self, cx: &mut Context) -> Result<(), Failure> {
        if self.technical_contact.is_none() {
            return Ok(());
        }
        let (api, id) = (cx.api()?, self.organization()?);
        let _lock = lock(id, cx).await?;
        if cx.is_claimed_elsewhere(&technical_contact_key(id)) {
            return Ok(());
        }
        match send(&api, id, &[removal()]).await {
            Err(error) if error.is_not_found() => {
                cx.check_gone(&format!("organization {id}")).await
            }
            sent => Ok(sent?),
        }
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        let id = import_id(id)?;
        let answer = fetch(&cx.api()?, id).await?.ok_or_else(|| not_found(id))?;
        look_up_account(cx).await;
        let found = contacts(id, answer.json(), cx);
        if found[ORGANIZATION].is_null() && found[TECHNICAL].is_null() {
            cx.warn(
                "No contact to import",
                format!(
                    "The API returned no contact of organization {id}, so only the organization was imported. \
                     The next apply sets the configured contacts."
                ),
            );
        }
        Ok(found)
    }

    fn validate_config(config: &Value, diagnostics: &mut Diagnostics) {
        if [ORGANIZATION, TECHNICAL].iter().all(|name| config.attribute(name).is_null()) {
            let detail = format!(
                "digicert_organization_contacts requires at least one of the blocks `{ORGANIZATION}` and \
                 `{TECHNICAL}`. Add the contact to manage."
            );
            diagnostics.push(Diagnostic::error("Missing contact", detail));
        }
    }

    async fn modify_plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        let Change { prior, planned, .. } = change;
        if planned.is_null() {
            return Ok(());
        }
        if prior.is_null() {
            overwritten::warn(planned, cx).await;
        }
        if !prior.attribute(ORGANIZATION).is_null() && planned.attribute(ORGANIZATION).is_null() {
            let id = prior.attribute("organization_id").as_str().unwrap_or_default();
            let stays = stays(id, "but is no longer managed");
            cx.report(stays.at(Path::of(ORGANIZATION)));
        }
        Ok(())
    }

    fn is_lost_when_destroyed(&self) -> bool {
        self.technical_contact.is_some()
    }

    fn destroy_warning(&self) -> Option<Diagnostic> {
        let id = self.id.unwrap_or(self.organization_id).to_string();
        self.organization_contact.as_ref().map(|_| stays(&id, "and is only removed from the state"))
    }
}

impl OrganizationContacts {
    /// The ID of the organization. A state of another version may lack either attribute. 0 is not a valid ID.
    fn organization(&self) -> Result<Id, Diagnostic> {
        let id = self.id.unwrap_or(self.organization_id);
        if id == Id::default() { Err(without_organization()) } else { Ok(id) }
    }

    /// Sends the contacts that differ, then reads the IDs of new ones.
    async fn send_changes(&self, prior: &Self, cx: &mut Context) -> Result<Json, Failure> {
        let id = self.organization()?;
        let mut changed = changes(prior, self);
        if changed.is_empty() {
            return Ok(json!({ "id": id }));
        }
        let api = cx.api()?;
        let _lock = lock(id, cx).await?;
        let technical = technical_contact_key(id);
        if cx.is_claimed_elsewhere(&technical) {
            changed.retain(|contact| contact != &removal());
        }
        if changed.is_empty() {
            return Ok(json!({ "id": id }));
        }
        let sent = send(&api, id, &changed).await;
        let may_be_set = sent.as_ref().map_or_else(Error::effect_unknown, |()| true);
        if self.technical_contact.is_some() && may_be_set {
            cx.claim(technical);
        }
        match sent {
            Err(error) if error.is_not_found() => {
                return Err(not_found(id).at(Path::of("organization_id")).into());
            }
            sent => sent?,
        }
        Ok(self.read_ids(id, &api, cx).await)
    }

    /// The contacts as a read returns them. The change has been made, so a failed read is only a warning.
    async fn read_ids(&self, id: Id, api: &Session, cx: &mut Context) -> Json {
        let unknown =
            |contact: &Option<Contact>| contact.as_ref().is_some_and(|it| it.id.is_none());
        if unknown(&self.organization_contact) || unknown(&self.technical_contact) {
            let reason = match fetch(api, id).await {
                Ok(Some(answer)) => return contacts(id, answer.json(), cx),
                Ok(None) => "CertCentral did not find the organization".to_owned(),
                Err(error) => format!("reading them failed: {error}"),
            };
            let detail = format!(
                "The contacts of organization {id} were updated, but {reason}. The next refresh reads their IDs."
            );
            cx.warn("Contacts not read yet", detail);
        }
        json!({ "id": id })
    }

    /// The managed contacts of a response. If the API may omit the technical contact, it keeps its state.
    fn managed(self, mut returned: Json, cx: &Context) -> Json {
        if self.organization_contact.is_none() {
            returned[ORGANIZATION] = Json::Null;
        }
        match self.technical_contact {
            None => returned[TECHNICAL] = Json::Null,
            Some(known) if returned[TECHNICAL].is_null() && !cx.private.technical_contact => {
                returned[TECHNICAL] = known.into_response();
            }
            Some(_) => {}
        }
        returned
    }
}

/// Both contacts of a response, under the names of the attributes. Records in the private data whether the
/// API returns the technical contact.
fn contacts(id: Id, answer: &Json, cx: &mut Context) -> Json {
    let technical = contact(answer, TECHNICAL);
    if technical.is_some() {
        cx.private.technical_contact = true;
    }
    json!({
        "id": id,
        "organization_id": id,
        ORGANIZATION: contact(answer, ORGANIZATION),
        TECHNICAL: technical,
    })
}

/// Waits until no other resource of this run is changing contacts of the organization, so that the read
/// after a change returns that change.
async fn lock(organization: Id, cx: &Context) -> Result<OwnedMutexGuard<()>, Failure> {
    cx.exclusive(format!("organization/{organization}/contact")).await
}

/// The key under which objects of a run share the technical contact: the object that set it last owns it,
/// and no other object removes it.
fn technical_contact_key(organization: Id) -> String {
    format!("organization/{organization}/{TECHNICAL}")
}

/// Looks up the account, which is then recorded in the private data of the object. An API key that may not
/// read the account is not an error.
async fn look_up_account(cx: &Context) {
    if let Ok(api) = cx.api() {
        drop(api.account().await);
    }
}

fn without_organization() -> Diagnostic {
    let detail = "The ID of the organization is missing or 0, so nothing was sent to CertCentral. If the state \
                  lacks it, remove the object from the state with `terraform state rm` and import it by the ID \
                  of its organization.";
    Diagnostic::error("Organization without ID", detail).at(Path::of("organization_id"))
}

fn not_found(id: Id) -> Diagnostic {
    let detail = format!(
        "The account the API key belongs to has no organization {id}. Check the ID, and check that the API key \
         and base_url belong to the account of the organization."
    );
    Diagnostic::error("Organization not found", detail)
}

fn stays(organization: &str, consequence: &str) -> Diagnostic {
    let detail = format!(
        "Organization contacts cannot be removed. The organization contact of organization {organization} is \
         unchanged {consequence}."
    );
    Diagnostic::warning("Organization contact stays", detail)
}
