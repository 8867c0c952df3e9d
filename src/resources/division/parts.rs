//! The parts of a division that separate requests change.

use std::collections::BTreeSet;

use serde_json::json;

use super::containers::{DOMAINS, ORGANIZATIONS, path};
use super::messages::{rejected, rejected_profile};
use super::{Division, IS_ACTIVE};
use crate::certcentral::{Error, Id, Session};
use crate::kind::{Context, Failure};
use crate::schema::Json;

const DESCRIPTION: &str = "description";

impl Division {
    /// Changes what differs from `prior`. The steps that are done are reported to the context.
    pub(super) async fn update_in_steps(
        &self,
        prior: Self,
        cx: &mut Context,
    ) -> Result<(), Failure> {
        let (api, id) = (cx.api()?, self.known_id()?);
        let mut reached = prior;
        if self.is_active == Some(true) && reached.is_active == Some(false) {
            activate(&api, id).await.map_err(|error| rejected(error, IS_ACTIVE))?;
            reached.is_active = Some(true);
            cx.set_partial_state(reached.clone());
        }
        if let Some(profile) = self.changed_profile(&reached) {
            let renames = self.name != reached.name;
            let put = api.put(&path(id), &profile).await;
            put.map_err(|error| rejected_profile(error, renames, profile[DESCRIPTION] == ""))?;
            reached.name.clone_from(&self.name);
            reached.description.clone_from(&self.description);
            cx.set_partial_state(reached.clone());
        }
        if let Some(domains) = self.changed_domains(&reached) {
            put_domains(&api, id, domains).await.map_err(|error| rejected(error, DOMAINS))?;
            reached.allowed_domain_names.clone_from(&self.allowed_domain_names);
            cx.set_partial_state(reached.clone());
        }
        if let Some(organizations) = self.changed_organizations(&reached) {
            let put = put_organizations(&api, id, organizations).await;
            put.map_err(|error| rejected(error, ORGANIZATIONS))?;
        }
        Ok(())
    }

    /// Name and description, which are sent together because CertCentral may clear what is omitted. An empty
    /// description clears the value. It is not sent if there is none to clear, since CertCentral may reject it.
    fn changed_profile(&self, prior: &Self) -> Option<Json> {
        let [before, after] = [prior, self].map(|it| it.description.as_deref().unwrap_or_default());
        if self.name == prior.name && before == after {
            return None;
        }
        let mut profile = json!({ "name": self.name });
        if !before.is_empty() || !after.is_empty() {
            profile[DESCRIPTION] = after.into();
        }
        Some(profile)
    }

    /// The domains to send. Case-insensitive.
    pub(super) fn changed_domains(&self, prior: &Self) -> Option<&BTreeSet<String>> {
        let folded = |names: &BTreeSet<String>| -> BTreeSet<_> {
            names.iter().map(|name| name.to_lowercase()).collect()
        };
        let before = prior.allowed_domain_names.as_ref().map(folded).unwrap_or_default();
        self.allowed_domain_names.as_ref().filter(|after| folded(after) != before)
    }

    /// The organizations to send.
    pub(super) fn changed_organizations(&self, prior: &Self) -> Option<&BTreeSet<Id>> {
        let none = BTreeSet::new();
        let before = prior.organization_ids.as_ref().unwrap_or(&none);
        self.organization_ids.as_ref().filter(|after| *after != before)
    }
}

/// Replaces the domains that a division is limited to. An empty set removes the limit.
pub(super) async fn put_domains(
    api: &Session,
    id: Id,
    domains: &BTreeSet<String>,
) -> Result<(), Error> {
    let path = format!("{}/allowed-domain-names", path(id));
    api.put(&path, &json!({ DOMAINS: domains })).await.map(drop)
}

/// Replaces the organizations of a division.
///
/// <https://dev.digicert.com/ja/services-api/containers/update-organization-assignments/>
pub(super) async fn put_organizations(
    api: &Session,
    id: Id,
    organizations: &BTreeSet<Id>,
) -> Result<(), Error> {
    let path = format!("{}/organization-assignments", path(id));
    api.put(&path, &json!({ "organization_id_assignments": organizations })).await.map(drop)
}

/// Activates a division. Sources disagree on the path.
async fn activate(api: &Session, id: Id) -> Result<(), Error> {
    let path = path(id);
    let put = async |action: &str| api.put(&format!("{path}/{action}"), &Json::Null).await;
    match put("activate").await {
        Err(error) if error.has_code("not_found|route") => put("active").await.map(drop),
        activated => activated.map(drop),
    }
}

/// Deactivates a division and all divisions below it.
pub(super) async fn deactivate(api: &Session, id: Id) -> Result<(), Error> {
    api.put(&format!("{}/deactivate", path(id)), &Json::Null).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_sent_if_there_is_one_to_keep_or_to_clear() {
        let division = |name: &str, description: Option<&str>| Division {
            name: name.into(),
            description: description.map(str::to_owned),
            ..Division::default()
        };
        for (prior, planned, sent) in [
            (division("a", None), division("a", None), None),
            (division("a", None), division("a", Some("")), None),
            (division("a", None), division("b", None), Some(json!({"name": "b"}))),
            (
                division("a", Some("x")),
                division("b", Some("x")),
                Some(json!({"name": "b", "description": "x"})),
            ),
            (
                division("a", Some("x")),
                division("a", None),
                Some(json!({"name": "a", "description": ""})),
            ),
            (
                division("a", None),
                division("a", Some("x")),
                Some(json!({"name": "a", "description": "x"})),
            ),
        ] {
            assert_eq!(planned.changed_profile(&prior), sent);
        }
    }

    #[test]
    fn domains_are_sent_if_they_differ_by_more_than_case() {
        let division = |names: &[&str]| Division {
            allowed_domain_names: Some(names.iter().map(|it| (*it).to_owned()).collect()),
            ..Division::default()
        };
        let unlimited = Division::default();
        for (prior, planned, is_sent) in [
            (division(&["a.example"]), division(&["A.example"]), false),
            (division(&["a.example"]), division(&["b.example"]), true),
            (division(&["a.example"]), division(&[]), true),
            (division(&["a.example"]), unlimited.clone(), false),
            (unlimited.clone(), division(&[]), false),
            (unlimited.clone(), division(&["a.example"]), true),
        ] {
            assert_eq!(planned.changed_domains(&prior).is_some(), is_sent);
        }
    }
}
