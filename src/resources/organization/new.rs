//! An organization that is being created.

use serde_json::json;

use super::listed::ORGANIZATIONS;
use super::{Organization, PATH};
use crate::certcentral::{Answer, Error, Id, Session, id_of, text_of};
use crate::kind::{Declared, Failure, import_block};
use crate::resources::creation::{Candidate, Creation, already_exists};
use crate::schema::{Diagnostic, Json, Model};

/// An organization that is being created, and the organizations with its name that exist.
pub(super) struct New<'a> {
    organization: &'a Organization,
    namesakes: Vec<Json>,
}

impl Creation for New<'_> {
    const TYPE: &'static str = Organization::TYPE;
    const NOUN: &'static str = "Organization";
    const ALREADY_EXISTS: &'static str = "Organization already exists";
    const MAY_EXIST: &'static str = "Organization may have been created";

    fn title(&self) -> String {
        format!("organization {:?}", self.organization.name)
    }

    /// Reads the complete list: whether a search finds every name is not documented.
    async fn search(&self, api: &Session) -> Result<Vec<Candidate>, Error> {
        let named = self.organization.named(api, &[]).await?;
        let new = named.iter().filter(|it| !self.existed(id_of(it)));
        let candidate =
            |it: &Json| Some(Candidate { id: id_of(it)?, is_same: self.organization.is_same(it) });
        Ok(new.filter_map(candidate).collect())
    }
}

impl<'a> New<'a> {
    /// Searches for organizations with the name.
    pub(super) async fn of(organization: &'a Organization, api: &Session) -> Result<Self, Error> {
        let search = [("filters[search]", organization.name.as_str())];
        let namesakes = organization.named(api, &search).await?;
        Ok(Self { organization, namesakes })
    }

    /// The existing organization with the same name and address.
    pub(super) fn twin(&self) -> Option<Id> {
        self.namesakes.iter().find(|it| self.organization.is_same(it)).and_then(id_of)
    }

    /// Whether this organization existed before the request.
    pub(super) fn existed(&self, id: Option<Id>) -> bool {
        id.is_some() && self.namesakes.iter().any(|it| id_of(it) == id)
    }

    /// The error that an organization with the same name and address exists.
    pub(super) fn exists(&self, id: Id) -> Diagnostic {
        let which = format!("organization {id} with this name and address");
        already_exists(self, id, &which, ANOTHER)
    }

    /// The error that the response to the request has the ID of an organization that existed before.
    pub(super) fn reused(&self, id: Id) -> Diagnostic {
        let which = format!("organization {id} with this name, and returned it to the request");
        already_exists(self, id, &which, ANOTHER)
    }

    /// A rejected request. If other organizations have the name, they are the probable cause.
    pub(super) fn rejected(&self, failure: Failure) -> Failure {
        let ids: Vec<_> =
            self.namesakes.iter().filter_map(id_of).map(|id| id.to_string()).collect();
        match failure {
            Failure::Api { error, advice: None } if error.is_refusal() && !ids.is_empty() => {
                let advice = format!(
                    "Organizations with the same name as {} exist: {}. If one of them is to be managed, import \
                     it:\n\n{}",
                    self.title(),
                    ids.join(", "),
                    import_block(Organization::TYPE, &ids[0])
                );
                Failure::advised(*error, advice)
            }
            other => other,
        }
    }

    /// The request. In every example of DigiCert, the country is in lower case.
    ///
    /// <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/create-organization.html>
    pub(super) fn body(&self) -> Json {
        let organization = self.organization;
        let mut body = organization.body();
        body.insert("country".into(), organization.country.to_lowercase().into());
        if let Some(id) = body.remove("container_id") {
            body.insert("container".into(), json!({ "id": id }));
        }
        if let Some(contact) = &organization.organization_contact {
            body.insert("organization_contact".into(), contact.body().into());
        }
        let types = organization.validation_types.iter().flatten().map(String::as_str).collect();
        let mut body = Json::Object(body);
        if let Json::Object(submitted) = organization.submission(&types)
            && !types.is_empty()
            && let Some(fields) = body.as_object_mut()
        {
            fields.extend(submitted);
        }
        body
    }
}

impl Organization {
    /// The organizations with this one's name, among those that a query finds. Case-insensitive. Only what tells
    /// them apart is kept.
    async fn named(&self, api: &Session, query: &[(&str, &str)]) -> Result<Vec<Json>, Error> {
        let name = self.name.to_lowercase();
        let named = |row: Answer| {
            row.id("id")?;
            let mut row = row.into_json();
            let is_named = text_of(&row, "name").to_lowercase() == name;
            if let Some(fields) = row.as_object_mut() {
                fields.retain(|name, _| name == "id" || SAME.contains(&name.as_str()));
            }
            Ok(is_named.then_some(row))
        };
        api.list(PATH, query, ORGANIZATIONS.keys, named).await
    }

    /// Whether an organization has this one's names and address, as far as the row shows them.
    /// Case-insensitive.
    fn is_same(&self, row: &Json) -> bool {
        let own = self.body();
        let text = |json: Option<&Json>| {
            json.and_then(Json::as_str).filter(|it| !it.is_empty()).map(str::to_lowercase)
        };
        let is_same = |name: &&str| {
            let found = text(row.get(*name));
            found.is_none() || found == text(own.get(*name))
        };
        SAME.iter().all(is_same)
    }
}

/// What tells organizations with the same name apart.
const SAME: &[&str] = &["assumed_name", "address", "address2", "zip", "city", "state", "country"];

const ANOTHER: &str = "To create another organization, choose another name.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_is_the_same_by_name_and_address() {
        let organization = Organization {
            name: "Example".into(),
            address: "1 Example Street".into(),
            zip: "84043".into(),
            city: "Lehi".into(),
            state: "Utah".into(),
            country: "US".into(),
            ..Organization::default()
        };
        for (row, expected) in [
            (json!({}), true),
            (json!({"address": "1 EXAMPLE street", "zip": "84043", "country": "us"}), true),
            (json!({"address": "2 Example Street"}), false),
            (json!({"zip": "84044"}), false),
            (json!({"assumed_name": "Other"}), false),
            (json!({"assumed_name": null, "address2": ""}), true),
        ] {
            assert_eq!(organization.is_same(&row), expected, "{row}");
        }
    }
}
