//! Creates a custom field exactly once. The response is empty, so the new field is the difference of two lists.

use std::collections::{BTreeMap, BTreeSet};

use crate::certcentral::{Error, Id, Session};
use crate::kind::{Failure, Read};
use crate::resources::posted;
use crate::schema::{Json, Model};

use super::list::{self, PATH};
use super::{Context, CustomField, messages};

/// Held from the first list to the second one: a new field in the second list then belongs to one resource.
const CREATING_FIELDS: &str = "custom fields";

impl CustomField {
    /// Creates the field. Its ID is unknown if it was created and is not listed.
    ///
    /// # Errors
    ///
    /// If no response was received and the field is not listed.
    pub(super) async fn add(&self, cx: &mut Context) -> Result<Option<Id>, Failure> {
        let api = cx.api()?;
        let _creating = cx.exclusive(CREATING_FIELDS).await?;
        let before = list::all(&api).await.map_err(messages::nothing_created)?;
        let before: BTreeSet<_> = before.into_keys().collect();
        let unanswered = posted::post(&api, PATH, &Json::Object(self.body()))
            .await
            .map_err(messages::nothing_created)?;
        let after = list::all(&api).await;
        let found = after.as_ref().map_or_else(
            |_| Vec::new(),
            |after| self.new_among(after, &before, unanswered.is_none()),
        );
        if let Some((id, others)) = found.split_first() {
            if let Some(error) = &unanswered {
                cx.report(messages::adopted(*id, &self.label, error));
            }
            if !others.is_empty() {
                cx.report(messages::several_new(*id, others, &self.label));
            }
            cx.claim(super::path(*id));
            return Ok(Some(*id));
        }
        if let Some(error) = unanswered {
            return Err(messages::maybe_created(&self.label, &error, after.err().as_ref()).into());
        }
        cx.report(messages::not_listed(&self.label, after.err().as_ref()));
        cx.private.before = Some(before);
        Ok(None)
    }

    /// Reads a field that was not listed after it was created.
    pub(super) async fn read_unlisted(
        &self,
        api: &Session,
        cx: &mut Context,
    ) -> Result<Read, Failure> {
        if let Some((_, field)) = self.find_unlisted(api, cx).await? {
            cx.private.before = None;
            return Ok(Read::Found(field));
        }
        cx.report(messages::still_not_listed(&self.label));
        Ok(Read::Unchanged)
    }

    /// The field that this resource created and that was not listed then. What is remembered to find it is kept until
    /// its ID is in the state.
    pub(super) async fn find_unlisted(
        &self,
        api: &Session,
        cx: &mut Context,
    ) -> Result<Option<(Id, Json)>, Error> {
        // Without this, another field with the same label could be taken for the new one.
        let Some(before) = cx.private.before.clone() else { return Ok(None) };
        let mut fields = list::all(api).await?;
        fields.retain(|id, _| !cx.is_claimed_elsewhere(&super::path(*id)));
        let Some(id) = self.new_among(&fields, &before, true).first().copied() else {
            return Ok(None);
        };
        cx.claim(super::path(id));
        Ok(fields.remove_entry(&id))
    }

    /// The fields that only the second list has and that are as configured; the lowest ID first, because the
    /// field of this resource is the first that was created after the first list.
    ///
    /// If CertCentral accepted the request and returns another label, it has changed the label: a single new
    /// field is then the one.
    fn new_among(
        &self,
        after: &BTreeMap<Id, Json>,
        before: &BTreeSet<Id>,
        answered: bool,
    ) -> Vec<Id> {
        let new: Vec<_> = after.iter().filter(|(id, _)| !before.contains(id)).collect();
        let alike: Vec<_> =
            new.iter().filter(|(_, field)| self.matches(field)).map(|(id, _)| **id).collect();
        match new.as_slice() {
            [(id, _)] if alike.is_empty() && answered => vec![**id],
            _ => alike,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_new_is_ours_by_its_values() {
        let row = |id: u64, label: &str| {
            let row = json!({"id": id, "label": label, "is_required": 0, "is_active": "1"});
            (Id::from(id), row)
        };
        let field = CustomField {
            label: "Cost center".into(),
            is_required: Some(false),
            is_active: Some(true),
            ..CustomField::default()
        };
        let found = |after: Vec<(Id, Json)>, answered| {
            let after = [row(7, "Cost center")].into_iter().chain(after).collect();
            let ids = field.new_among(&after, &[Id::from(7)].into(), answered);
            ids.into_iter().map(u64::from).collect::<Vec<_>>()
        };
        assert_eq!(found(vec![], true), [0; 0]);
        assert_eq!(found(vec![row(9, "Cost center"), row(8, "Cost center")], true), [8, 9]);
        assert_eq!(found(vec![row(9, "Other"), row(10, "Cost center")], true), [10]);
        assert_eq!(found(vec![row(9, "Cost &amp; center")], true), [9]);
        assert_eq!(found(vec![row(9, "Cost &amp; center")], false), [0; 0]);
        assert_eq!(found(vec![row(9, "One"), row(10, "Two")], true), [0; 0]);
    }
}
