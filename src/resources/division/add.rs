//! Creates a division exactly once.

use serde_json::json;

use super::containers::{DOMAINS, ORGANIZATIONS, children_named, fetch, or_root, path};
use super::new::New;
use super::parts::{put_domains, put_organizations};
use super::{Division, messages};
use crate::certcentral::{Id, Session, text_of};
use crate::kind::{Context, Failure};
use crate::resources::creation::create_once;
use crate::schema::{Json, Model};

impl Division {
    /// Creates the division, and then sets its domains and organizations.
    pub(super) async fn add(&self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let parent = or_root(self.parent_id, &api).await?;
        let below = format!("{}/children", path(parent));
        // Two resources with the same name and parent must not both find that there is none yet.
        let lock = cx.exclusive(below.clone()).await?;
        let twins = children_named(&api, parent, &self.name).await;
        let twins = twins.map_err(|error| messages::parent_rejected(error, parent))?;
        let template = self.template_below(parent, &api).await?;
        let new = New { division: self, parent, template };
        if let Some(twin) = twins.first() {
            return Err(messages::exists(&new, twin).into());
        }
        let mut body = json!({ "name": self.name, "template_id": template });
        if let Some(description) = self.description.as_deref().filter(|it| !it.is_empty()) {
            body["description"] = description.into();
        }
        let created = create_once(&new, &below, &body, &api, cx).await;
        let id = created.map_err(messages::rejected_create)?;
        drop(lock);
        let mut found = self.read_created(id, &api, cx).await;
        if found.is_null() {
            found = json!({ "id": id, "parent_id": parent, "template_id": template, "is_active": true });
        }
        self.set_lists(id, &found, &api, cx).await;
        Ok(found)
    }

    /// The template to create the division with.
    async fn template_below(&self, parent: Id, api: &Session) -> Result<Id, Failure> {
        if let Some(id) = self.template_id {
            return Ok(id);
        }
        let path = format!("{}/template", path(parent));
        let templates = api
            .list_unpaged(&path, &[], &["container_templates"], |row| {
                Ok(Some((row.id("id")?, text_of(row.json(), "name").to_owned())))
            })
            .await?;
        default_template(&templates)
            .ok_or_else(|| messages::template_unclear(parent, &templates).into())
    }

    /// The new division. It exists, so a failed read is only a warning, and the result is null.
    async fn read_created(&self, id: Id, api: &Session, cx: &mut Context) -> Json {
        let reason = match fetch(api, id).await {
            Ok(Some(found)) => return found,
            Ok(None) => "CertCentral did not find it yet".to_owned(),
            Err(error) => format!("reading it failed: {error}"),
        };
        cx.report(messages::not_read_yet(id, &self.name, &reason));
        Json::Null
    }

    /// Sets domains and organizations, unless the new division has them. It exists, so a failure is only a
    /// warning.
    async fn set_lists(&self, id: Id, found: &Json, api: &Session, cx: &mut Context) {
        let current = Self::from_response(found).unwrap_or_default();
        let mut failed = Vec::new();
        if let Some(domains) = self.changed_domains(&current)
            && let Err(error) = put_domains(api, id, domains).await
        {
            failed.push((DOMAINS, error));
        }
        if let Some(organizations) = self.changed_organizations(&current)
            && let Err(error) = put_organizations(api, id, organizations).await
        {
            failed.push((ORGANIZATIONS, error));
        }
        if !failed.is_empty() {
            cx.report(messages::incomplete(id, &self.name, &failed));
        }
    }
}

/// The only template named `Business Unit`, or else the only template.
fn default_template(templates: &[(Id, String)]) -> Option<Id> {
    let named: Vec<_> = templates.iter().filter(|(_, name)| name == BUSINESS_UNIT).collect();
    match (named.as_slice(), templates) {
        ([(id, _)], _) | ([], [(id, _)]) => Some(*id),
        _ => None,
    }
}

/// The name of the template of a division in DigiCert's examples.
const BUSINESS_UNIT: &str = "Business Unit";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_of_a_division_is_the_one_by_name_or_the_only_one() {
        for (names, expected) in [
            (&["Business Unit"][..], Some(1)),
            (&["Enterprise", "Business Unit"], Some(2)),
            (&["Enterprise"], Some(1)),
            (&["Enterprise", "Reseller"], None),
            (&["Business Unit", "Business Unit"], None),
            (&[], None),
        ] {
            let templates: Vec<_> =
                (1..).map(Id::from).zip(names.iter().map(|it| (*it).to_owned())).collect();
            assert_eq!(default_template(&templates), expected.map(Id::from), "{names:?}");
        }
    }
}
