//! What is remembered of an object beside its state.

use std::collections::{BTreeMap, BTreeSet};

use crate::certcentral::Id;
use crate::schema::Json;

/// What is remembered beside the state of an object, hidden from configurations.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Private {
    /// The object was imported, so a null in its state may only mean "not readable".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// The account the object was created in: it is dropped from state only if that account lacks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Id>,
    /// Tells this object from others of a run that share a part with it; see `Context::claim`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<u64>,
    /// The object that is protected from deletion, in the plan of its update: a plan of a create that
    /// finds it is about to replace that object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) protects: Option<String>,
    /// Attributes that CertCentral need not show and an answer for this object has carried all the
    /// same: from then on their absence means that there is no value.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub shown: BTreeSet<String>,
    /// An update made something and no answer came: what has a higher number than this may be its
    /// work, and must not be made once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsettled: Option<Id>,
    /// Parts that newer ones replace and that are not removed yet, with what tells which one replaces
    /// them: older invites by ID, with their addresses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub superseded: BTreeMap<Id, String>,
    /// What another version of this provider remembered.
    #[serde(flatten)]
    rest: serde_json::Map<String, Json>,
}

impl Private {
    /// Reads what [`Private::to_bytes`] wrote; anything else counts as nothing.
    ///
    /// Terraform loses these bytes where the provider dies in an update. So an object without any counts
    /// as imported: a null in its state may only mean that its value was never read.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_else(|_| Self { imported: true, ..Self::default() })
    }

    /// Those of an object that is being created.
    pub(super) fn of_new() -> Self {
        Self { owner: Some(fastrand::u64(1..)), ..Self::default() }
    }

    /// JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_survives_this_version_and_others() {
        let bytes = br#"{"imported":true,"account_id":7,"owner":3,"protects":"it","shown":["a"],"unsettled":9,"superseded":{"7":"a@b.example"},"added_later":[1]}"#;
        let private = Private::from_bytes(bytes);
        assert!(private.imported && private.shown.contains("a"));
        assert_eq!(private.unsettled, Some(9.into()));
        assert_eq!(private.superseded[&7.into()], "a@b.example");
        assert_eq!(Private::from_bytes(&private.to_bytes()).to_bytes(), bytes);
    }

    #[test]
    fn an_object_without_private_data_counts_as_imported() {
        for lost in [&b""[..], b"no JSON"] {
            assert!(Private::from_bytes(lost).imported);
        }
        assert!(!Private::from_bytes(&Private::of_new().to_bytes()).imported);
    }
}
