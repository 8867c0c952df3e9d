//! Contacts in requests and responses of the API.

use serde_json::json;

use super::OrganizationContacts;
use crate::certcentral::{Answer, Error, Id, Session};
use crate::schema::{Json, Model};

/// Name of the attribute, and `contact_type` in the API.
pub(super) const ORGANIZATION: &str = "organization_contact";
pub(super) const TECHNICAL: &str = "technical_contact";

/// The contacts that differ, as the API expects them: with all fields, or only with the type to remove one.
pub(super) fn changes(prior: &OrganizationContacts, planned: &OrganizationContacts) -> Vec<Json> {
    let pairs = [
        (ORGANIZATION, &planned.organization_contact, &prior.organization_contact),
        (TECHNICAL, &planned.technical_contact, &prior.technical_contact),
    ];
    let changed = pairs.into_iter().filter_map(|(contact_type, new, old)| match (new, old) {
        (Some(new), old) => {
            let mut body = new.body();
            let differs = old.as_ref().is_none_or(|old| old.body() != body);
            body.insert("contact_type".into(), contact_type.into());
            differs.then_some(Json::Object(body))
        }
        (None, Some(_)) if contact_type == TECHNICAL => Some(removal()),
        (None, _) => None,
    });
    changed.collect()
}

/// The contact of this type in a response: a field, or an element of the list of contacts.
///
/// <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/organization-info.html>
pub(super) fn contact<'a>(answer: &'a Json, contact_type: &str) -> Option<&'a Json> {
    let listed = || {
        let contacts = answer.get("contacts")?.as_array()?;
        contacts.iter().find(|it| it.get("contact_type").is_some_and(|of| of == contact_type))
    };
    let field = answer.get(contact_type);
    field.filter(|it| it.as_object().is_some_and(|fields| !fields.is_empty())).or_else(listed)
}

/// Sends contacts. Contacts of another type are not changed.
///
/// <https://dev.digicert.com/certcentral-apis/services-api/organizations/update-organization-and-technical-contact.html>
pub(super) async fn send(api: &Session, id: Id, contacts: &[Json]) -> Result<(), Error> {
    let path = format!("{PATH}/{id}/contact");
    api.put(&path, &json!({ "contacts": contacts })).await.map(drop)
}

/// The contact to send to remove the technical contact: only its type.
pub(super) fn removal() -> Json {
    json!({ "contact_type": TECHNICAL })
}

/// The organization with that ID; `None` if there is none.
pub(super) async fn fetch(api: &Session, id: Id) -> Result<Option<Answer>, Error> {
    api.object(PATH, id, "id").await
}

const PATH: &str = "organization";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::organization_contacts::Contact;

    fn person(first_name: &str) -> Option<Contact> {
        Some(Contact { first_name: first_name.into(), ..Contact::default() })
    }

    fn both(organization: Option<Contact>, technical: Option<Contact>) -> OrganizationContacts {
        OrganizationContacts {
            organization_contact: organization,
            technical_contact: technical,
            ..OrganizationContacts::default()
        }
    }

    #[test]
    fn only_contacts_that_changed_are_sent() {
        let (ana, bo) = (|| person("Ana"), || person("Bo"));
        let with_id = || ana().map(|it| Contact { id: Some(Id::from(7)), ..it });
        let blank = || ana().map(|it| Contact { job_title: Some(String::new()), ..it });
        let organization = r#"{"contact_type":"organization_contact","first_name":"Ana"}"#;
        let technical = r#"{"contact_type":"technical_contact","first_name":"Bo"}"#;
        let removed = r#"{"contact_type":"technical_contact"}"#;
        for (prior, planned, sent) in [
            (both(None, None), both(ana(), bo()), &[organization, technical][..]),
            (both(ana(), bo()), both(ana(), bo()), &[]),
            (both(with_id(), None), both(ana(), None), &[]),
            (both(ana(), None), both(blank(), None), &[]),
            (both(bo(), bo()), both(ana(), bo()), &[organization]),
            (both(ana(), ana()), both(ana(), bo()), &[technical]),
            (both(ana(), bo()), both(ana(), None), &[removed]),
            (both(ana(), bo()), both(None, bo()), &[]),
        ] {
            let bodies: Vec<_> = changes(&prior, &planned).iter().map(Json::to_string).collect();
            assert_eq!(bodies, sent);
        }
    }

    #[test]
    fn a_technical_contact_is_found_in_every_form_of_a_response() {
        let person = json!({ "contact_type": TECHNICAL, "first_name": "Bo" });
        for (answer, found) in [
            (json!({}), None),
            (json!({ TECHNICAL: null, "contacts": [] }), None),
            (json!({ TECHNICAL: null, "contacts": [{ "contact_type": ORGANIZATION }] }), None),
            (json!({ TECHNICAL: null, "contacts": [{}, person] }), Some(&person)),
            (json!({ TECHNICAL: person }), Some(&person)),
            (json!({ TECHNICAL: {}, "contacts": "none" }), None),
            (json!({ TECHNICAL: [] }), None),
        ] {
            assert_eq!(contact(&answer, TECHNICAL), found, "{answer}");
        }
    }
}
