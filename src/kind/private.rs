//! What is remembered of an object beside its state.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::certcentral::Id;
use crate::schema::Json;

/// What a resource remembers of an object beside its state, hidden from configurations.
///
/// It is stored as JSON. Bytes of another shape, such as those of another version, are read as the default.
pub trait Memory: Default + PartialEq + Serialize + DeserializeOwned + Send + Sync {}

impl<T: Default + PartialEq + Serialize + DeserializeOwned + Send + Sync> Memory for T {}

/// What the engine remembers of any object, and within it what the resource does.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Private {
    /// The object was imported, so a null in its state may only mean that the API did not return a value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) imported: bool,
    /// The account the object was created in: it is removed from the state only if that account lacks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account_id: Option<Id>,
    /// Tells this object from others of a run that share a part with it; see `Context::claim`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<u64>,
    /// The object that is protected from deletion, in the plan of its update: a plan of a create that
    /// finds it is about to replace that object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) protects: Option<String>,
    /// What the resource remembers.
    #[serde(default, skip_serializing_if = "Json::is_null")]
    own: Json,
    /// What another version of this provider remembered.
    #[serde(flatten)]
    rest: serde_json::Map<String, Json>,
}

impl Private {
    /// Reads what [`Private::into_bytes`] wrote: the engine's part and the resource's.
    ///
    /// Terraform loses these bytes where the provider dies in an update. So an object without any counts
    /// as imported: a null in its state may only mean that its value was never read.
    pub(super) fn from_bytes<M: Memory>(bytes: &[u8]) -> (Self, M) {
        let mut private = serde_json::from_slice(bytes)
            .unwrap_or_else(|_| Self { imported: true, ..Self::default() });
        let own = serde_json::from_value(std::mem::take(&mut private.own));
        (private, own.unwrap_or_default())
    }

    /// The engine's part for an object that is being created.
    pub(super) fn of_new() -> Self {
        Self { owner: Some(fastrand::u64(1..)), ..Self::default() }
    }

    /// Both parts as JSON.
    pub(super) fn into_bytes<M: Memory>(mut self, own: &M) -> Vec<u8> {
        if own != &M::default() {
            self.own = serde_json::to_value(own).unwrap_or_default();
        }
        serde_json::to_vec(&self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    struct Seen {
        names: Vec<String>,
    }

    #[test]
    fn what_is_remembered_survives_this_version_and_others() {
        let bytes = br#"{"imported":true,"account_id":7,"owner":3,"protects":"it","own":{"names":["a"]},"added_later":[1]}"#;
        let (private, own) = Private::from_bytes::<Seen>(bytes);
        assert!(private.imported);
        assert_eq!((private.account_id, own.names.as_slice()), (Some(7.into()), &["a".into()][..]));
        assert_eq!(private.into_bytes(&own), bytes);
    }

    #[test]
    fn memory_of_another_shape_is_read_as_none() {
        let bytes = br#"{"owner":3,"own":["other"]}"#;
        let (private, own) = Private::from_bytes::<Seen>(bytes);
        assert_eq!((private.imported, private.owner, &own), (false, Some(3), &Seen::default()));
        assert_eq!(private.into_bytes(&own), br#"{"owner":3}"#);
    }

    #[test]
    fn an_object_without_private_data_counts_as_imported() {
        for lost in [&b""[..], b"no JSON"] {
            assert!(Private::from_bytes::<()>(lost).0.imported);
        }
        let new = Private::of_new().into_bytes(&());
        assert!(!Private::from_bytes::<()>(&new).0.imported);
    }
}
