//! `digicert_organization_contacts`: the organization contact and the technical contact of an organization.
//!
//! CertCentral has one call for everything here. It takes each contact whole and erases what is left
//! out of one; a contact that is not sent stays as it is. The read shows the organization contact, and
//! no page says whether it shows the technical one.

mod overwritten;
mod wire;

use serde_json::json;
use tokio::sync::OwnedMutexGuard;

use crate::certcentral::{Error, Id, Session};
use crate::kind::{Change, Context, Declared, Failure, Read, Resource, import_id};
use crate::model;
use crate::schema::{Diagnostic, Diagnostics, Json, Model, Path, Value};
use wire::{ORGANIZATION, TECHNICAL, changes, contact, fetch, removal, send};

model! {
    /// Sets the contacts of an organization that exists at CertCentral: the organization contact, the
    /// technical contact, or both.
    ///
    /// A contact whose block is left out is left alone. Creating this resource replaces the contacts
    /// the organization has; contacts on orders that exist are never changed. The plan warns of the values
    /// that creating it replaces or clears, as far as CertCentral returns them.
    ///
    /// CertCentral cannot remove an organization contact. Destroying this resource removes the technical
    /// contact, if it has a block, and leaves the organization contact as it is. A technical contact that
    /// another resource has set in the same apply is not removed.
    pub struct OrganizationContacts {
        /// Number of the organization.
        #[attr(computed)]
        pub id: Option<Id>,
        /// Number of the organization.
        #[attr(force_new)]
        pub organization_id: Id,
        /// Contact every organization has. Removing the block only stops managing it, since it cannot be
        /// removed from the organization. At least one of the two blocks is required.
        pub organization_contact: Option<Contact>,
        /// Contact for technical questions. Removing the block removes the contact. CertCentral may not
        /// show it: until it has been seen in an answer, a change made elsewhere stays unnoticed, and an
        /// import finds only the organization contact.
        pub technical_contact: Option<Contact>,
    }
}

model! {
    /// A contact. It is always sent whole, so an argument that is left out is erased at CertCentral.
    pub struct Contact {
        /// Number of the contact. Another name or e-mail address makes another contact. Null where
        /// CertCentral does not show it.
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
        /// Language of mail to the contact, as a locale code of DigiCert's glossary, such as `1`.
        #[attr(not_returned)]
        pub language_id: Option<String>,
    }
}

impl Declared for OrganizationContacts {
    const TYPE: &'static str = "digicert_organization_contacts";
}

impl Resource for OrganizationContacts {
    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        ask_account(cx).await;
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
        let _alone = alone_with(id, cx).await?;
        if cx.is_claimed_elsewhere(&technical_contact_of(id)) {
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
        let answer = fetch(&cx.api()?, id).await?.ok_or_else(|| absent(id))?;
        ask_account(cx).await;
        let found = contacts(id, answer.json(), cx);
        if found[ORGANIZATION].is_null() && found[TECHNICAL].is_null() {
            cx.warn(
                "No contact to import",
                format!(
                    "CertCentral shows no contact of organization {id}, so the import has found nothing but \
                     the organization. The next apply sets the contacts that are configured."
                ),
            );
        }
        Ok(found)
    }

    fn validate_config(config: &Value, diagnostics: &mut Diagnostics) {
        if [ORGANIZATION, TECHNICAL].iter().all(|name| config.attribute(name).is_null()) {
            let detail = format!(
                "A digicert_organization_contacts needs a block `{ORGANIZATION}`, a block `{TECHNICAL}`, or \
                 both, and the configuration has neither. Add the contact that is to be managed."
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
            let stays = stays(id, "is only not managed any more");
            cx.report(stays.at(Path::of(ORGANIZATION)));
        }
        Ok(())
    }

    fn is_lost_when_destroyed(&self) -> bool {
        self.technical_contact.is_some()
    }

    fn destroy_warning(&self) -> Option<Diagnostic> {
        let id = self.id.unwrap_or(self.organization_id).to_string();
        self.organization_contact.as_ref().map(|_| stays(&id, "is only taken out of the state"))
    }
}

impl OrganizationContacts {
    /// The organization; a state of another version may lack either attribute. 0 is no ID that CertCentral
    /// gives.
    fn organization(&self) -> Result<Id, Diagnostic> {
        let id = self.id.unwrap_or(self.organization_id);
        if id == Id::default() { Err(without_organization()) } else { Ok(id) }
    }

    /// Sends the contacts that differ, then reads the numbers CertCentral gave to new ones.
    async fn send_changes(&self, prior: &Self, cx: &mut Context) -> Result<Json, Failure> {
        let id = self.organization()?;
        let mut changed = changes(prior, self);
        if changed.is_empty() {
            return Ok(json!({ "id": id }));
        }
        let api = cx.api()?;
        let _alone = alone_with(id, cx).await?;
        let technical = technical_contact_of(id);
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
                return Err(absent(id).at(Path::of("organization_id")).into());
            }
            sent => sent?,
        }
        Ok(self.numbers(id, &api, cx).await)
    }

    /// What a read shows, after a change that has been made: nothing here is an error.
    async fn numbers(&self, id: Id, api: &Session, cx: &mut Context) -> Json {
        let unknown =
            |contact: &Option<Contact>| contact.as_ref().is_some_and(|it| it.id.is_none());
        if unknown(&self.organization_contact) || unknown(&self.technical_contact) {
            let reason = match fetch(api, id).await {
                Ok(Some(answer)) => return contacts(id, answer.json(), cx),
                Ok(None) => "CertCentral does not find the organization".to_owned(),
                Err(error) => format!("reading them failed: {error}"),
            };
            let detail = format!(
                "The contacts of organization {id} are set, but {reason}. The next refresh fills in their numbers."
            );
            cx.warn("Contacts not read yet", detail);
        }
        json!({ "id": id })
    }

    /// What an answer says of the contacts in this state; where it need not show one, the state stands.
    fn managed(self, mut shown: Json, cx: &Context) -> Json {
        if self.organization_contact.is_none() {
            shown[ORGANIZATION] = Json::Null;
        }
        match self.technical_contact {
            None => shown[TECHNICAL] = Json::Null,
            Some(kept) if shown[TECHNICAL].is_null() && !cx.private.shown.contains(TECHNICAL) => {
                shown[TECHNICAL] = kept.into_response();
            }
            Some(_) => {}
        }
        shown
    }
}

/// Both contacts in an answer, under the names of the attributes. Remembers that the technical one can
/// be seen.
fn contacts(id: Id, answer: &Json, cx: &mut Context) -> Json {
    let technical = contact(answer, TECHNICAL);
    if technical.is_some() {
        cx.private.shown.insert(TECHNICAL.to_owned());
    }
    json!({
        "id": id,
        "organization_id": id,
        ORGANIZATION: contact(answer, ORGANIZATION),
        TECHNICAL: technical,
    })
}

/// Waits until no other resource of this run is changing contacts of the organization, so that the read
/// after a change shows that change.
async fn alone_with(organization: Id, cx: &Context) -> Result<OwnedMutexGuard<()>, Failure> {
    cx.exclusive(format!("organization/{organization}/contact")).await
}

/// What several objects of a run may share: the one that set the technical contact last owns it, and
/// another one does not remove it.
fn technical_contact_of(organization: Id) -> String {
    format!("organization/{organization}/{TECHNICAL}")
}

/// Asks for the account, which is then recorded beside the object. Where the API key may not read it, the
/// object does without.
async fn ask_account(cx: &Context) {
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

fn absent(id: Id) -> Diagnostic {
    let detail = format!(
        "The account behind the API key has no organization {id}. Check the number, and that the key and \
         base_url belong to the account of the organization."
    );
    Diagnostic::error("Organization not found", detail)
}

fn stays(organization: &str, what: &str) -> Diagnostic {
    let detail = format!(
        "CertCentral cannot remove an organization contact. The one of organization {organization} stays as it \
         is and {what}."
    );
    Diagnostic::warning("Organization contact stays", detail)
}
