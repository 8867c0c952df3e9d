//! Validations of an organization: what is missing is submitted, and nothing is removed.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Organization, Validation, messages, path};
use crate::certcentral::{Error, Id, Session};
use crate::kind::{Context, Failure};
use crate::schema::{Attr, Json, Model, Value};

/// The attribute, and the field in requests and responses.
pub(super) const VALIDATIONS: &str = "validations";

impl Organization {
    /// Whether each configured type has an active or pending validation among these. Without validations in the
    /// state, this is not known.
    pub(super) fn has_all_validations(&self, state: Option<&[Validation]>) -> bool {
        let types = self.validation_types.iter().flatten();
        types.into_iter().all(|it| state.is_some_and(|all| all.iter().any(|one| one.is_of(it))))
    }

    /// Submits the configured types that have no active or pending validation. Returns the validations.
    ///
    /// An active validation that is submitted again becomes pending, so they are read first.
    pub(super) async fn submit_missing(&self, id: Id, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let before = fetch(&api, id).await?;
        let missing = self.missing(&before);
        if missing.is_empty() {
            return Ok(json!({ VALIDATIONS: before }));
        }
        let sent = api.post(&validation_path(id), &self.submission(&missing)).await;
        let unanswered = match sent {
            Ok(_) => None,
            Err(error) if error.effect_unknown() => Some(error),
            Err(error) => return Err(messages::not_submitted(error, &missing)),
        };
        let after = fetch(&api, id).await;
        let are_listed = after.as_ref().is_ok_and(|after| self.missing(after).is_empty());
        match (unanswered, after) {
            (Some(error), after) if !are_listed => {
                Err(messages::maybe_submitted(id, &missing, &error, after.err().as_ref()).into())
            }
            (_, Ok(after)) => {
                if !are_listed {
                    cx.report(messages::not_listed_yet(id, &missing));
                }
                Ok(json!({ VALIDATIONS: after }))
            }
            (_, Err(error)) => {
                cx.report(messages::validations_not_read(id, "submitted", &error));
                Ok(Json::Null)
            }
        }
    }

    /// The configured types without an active or pending validation in a response.
    fn missing(&self, response: &Json) -> BTreeSet<&str> {
        let found = response.as_array().into_iter().flatten();
        let found: Vec<_> = found.filter_map(|it| Validation::from_response(it).ok()).collect();
        let types = self.validation_types.iter().flatten().map(String::as_str);
        types.filter(|it| !found.iter().any(|one| one.is_of(it))).collect()
    }

    /// The request for validations of these types. The verified users are sent with all of them.
    ///
    /// <https://dev.digicert.com/pt-br/services-api/organizations/submit-validation/>
    pub(super) fn submission(&self, types: &BTreeSet<&str>) -> Json {
        let users = self.verified_user_ids.as_ref();
        let users: Option<Vec<_>> =
            users.map(|ids| ids.iter().map(|id| json!({ "id": id })).collect());
        let each = types.iter().map(|it| match &users {
            Some(users) => json!({ "type": it, "verified_users": users }),
            None => json!({ "type": it }),
        });
        json!({ VALIDATIONS: each.collect::<Vec<_>>() })
    }
}

impl Validation {
    /// Whether this is a validation of a type, and active or pending.
    pub(super) fn is_of(&self, kind: &str) -> bool {
        let is_in_force = matches!(self.status.as_deref(), Some("active" | "pending"));
        self.r#type.as_deref() == Some(kind) && is_in_force
    }
}

/// The validations of an organization, sorted by type.
///
/// <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/validation-details.html>
pub(super) async fn fetch(api: &Session, id: Id) -> Result<Json, Error> {
    let answer = api.get(&validation_path(id), &[]).await?;
    match answer.json().get(VALIDATIONS) {
        Some(validations @ Json::Array(_)) => {
            let mut validations = validations.clone();
            sort(&mut validations);
            Ok(validations)
        }
        // An empty list may be omitted.
        None | Some(Json::Null) if answer.json().is_object() => Ok(Json::Array(Vec::new())),
        _ => Err(answer.wrong("validations is not a list")),
    }
}

fn validation_path(id: Id) -> String {
    format!("{}/validation", path(id))
}

/// Sorts validations by type: the order in responses is not documented.
pub(super) fn sort(validations: &mut Json) {
    if let Some(all) = validations.as_array_mut() {
        all.sort_by_cached_key(|it| {
            let kind = it.get("type").and_then(Json::as_str);
            kind.unwrap_or_default().to_owned()
        });
    }
}

/// The types in a set that may have unknown elements.
pub(super) fn known_types(value: &Value) -> BTreeSet<String> {
    let types = BTreeSet::<String>::from_value(value).unwrap_or_default();
    types.into_iter().filter(|it| !it.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organization(types: &[&str], users: &[u64]) -> Organization {
        let users: BTreeSet<_> = users.iter().copied().map(Id::from).collect();
        Organization {
            validation_types: Some(types.iter().map(|it| (*it).to_owned()).collect()),
            verified_user_ids: Some(users).filter(|it| !it.is_empty()),
            ..Organization::default()
        }
    }

    #[test]
    fn what_is_neither_active_nor_pending_is_missing() {
        let response = json!([
            { "type": "ov", "status": "active" },
            { "type": "ev", "status": "pending" },
            { "type": "cs", "status": "expired" },
            {},
        ]);
        let missing = |types: &[&str]| -> Vec<String> {
            organization(types, &[]).missing(&response).into_iter().map(str::to_owned).collect()
        };
        assert_eq!(missing(&["ov", "ev"]), <[String; 0]>::default());
        assert_eq!(missing(&["cs", "ds", "ov"]), ["cs", "ds"]);
        assert!(organization(&["ov"], &[]).missing(&Json::Null).contains("ov"));
    }

    #[test]
    fn a_request_has_the_types_and_the_verified_users() {
        let sent = organization(&["ov"], &[]).submission(&["ov"].into());
        assert_eq!(sent, json!({ "validations": [{ "type": "ov" }] }));
        let sent = organization(&["ev", "ov"], &[7, 8]).submission(&["ev"].into());
        let users = json!([{ "id": 7 }, { "id": 8 }]);
        assert_eq!(sent, json!({ "validations": [{ "type": "ev", "verified_users": users }] }));
    }
}
