//! The private data of an object, which Terraform stores with its state.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Map;

use crate::certcentral::Id;
use crate::schema::Json;

/// What a resource remembers of an object in its private data.
///
/// It is stored as JSON. Bytes of another shape, such as those of another version, are read as the default.
pub trait Memory: Default + PartialEq + Serialize + DeserializeOwned + Send + Sync {}

impl<T: Default + PartialEq + Serialize + DeserializeOwned + Send + Sync> Memory for T {}

/// What the engine remembers of any object, and within it what the resource does.
#[derive(Default)]
pub(super) struct Private {
    /// The object was imported, so a null in its state may only mean that the API did not return a value.
    pub(super) imported: bool,
    /// The account the object was created in: it is removed from the state only if that account lacks it.
    pub(super) account_id: Option<Id>,
    /// Tells this object from others of a run that share a part with it; see `Context::claim`.
    pub(super) owner: Option<u64>,
    /// The object that is protected from deletion, in the plan of its update: a plan of a create that
    /// finds it is about to replace that object.
    pub(super) protects: Option<String>,
    /// What was remembered of the object that this one replaces: Terraform passes the planned data of the new object
    /// to the destroy of the old one.
    replaced: Option<Json>,
    /// The state may differ from the object, because a step of the last change failed: the next read trusts no
    /// list that lacks attributes.
    pub(super) unconfirmed: bool,
    /// What another version of this provider remembered.
    rest: Map<String, Json>,
}

impl Private {
    /// Reads what [`Private::into_bytes`] wrote: the engine's part and the resource's.
    ///
    /// Terraform loses these bytes where the provider dies in an update. So an object without any counts
    /// as imported: a null in its state may only mean that its value was never read.
    pub(super) fn from_bytes<M: Memory>(bytes: &[u8]) -> (Self, M) {
        let Ok(mut fields) = serde_json::from_slice::<Map<String, Json>>(bytes) else {
            return (Self { imported: true, ..Self::default() }, M::default());
        };
        let own = fields.remove(OWN).and_then(|own| serde_json::from_value(own).ok());
        let private = Self {
            imported: fields.remove(IMPORTED).is_some_and(|it| it == true),
            account_id: fields.remove(ACCOUNT_ID).and_then(|it| it.as_u64()).map(Id::from),
            owner: fields.remove(OWNER).and_then(|it| it.as_u64()),
            protects: fields.remove(PROTECTS).and_then(|it| it.as_str().map(str::to_owned)),
            replaced: fields.remove(REPLACED),
            unconfirmed: fields.remove(UNCONFIRMED).is_some_and(|it| it == true),
            rest: fields,
        };
        (private, own.unwrap_or_default())
    }

    /// The engine's part for a new object, which replaces the one with these data if there are any.
    pub(super) fn of_new(replaced: &[u8]) -> Self {
        let replaced = serde_json::from_slice(replaced).ok();
        Self { owner: Some(fastrand::u64(1..)), replaced, ..Self::default() }
    }

    /// The data of the object that is replaced, if these are of the object that replaces it.
    pub(super) fn of_replaced<M: Memory>(&self) -> Option<(Self, M)> {
        self.replaced.as_ref().map(|it| Self::from_bytes(it.to_string().as_bytes()))
    }

    /// Both parts as JSON.
    pub(super) fn into_bytes<M: Memory>(self, own: &M) -> Vec<u8> {
        let mut fields = self.rest;
        let own = (own != &M::default()).then(|| serde_json::to_value(own).unwrap_or_default());
        let values = [
            (IMPORTED, self.imported.then(|| true.into())),
            (ACCOUNT_ID, self.account_id.map(|id| u64::from(id).into())),
            (OWNER, self.owner.map(Json::from)),
            (PROTECTS, self.protects.map(Json::from)),
            (OWN, own),
            (REPLACED, self.replaced),
            (UNCONFIRMED, self.unconfirmed.then(|| true.into())),
        ];
        fields.extend(values.into_iter().filter_map(|(name, it)| Some((name.to_owned(), it?))));
        Json::Object(fields).to_string().into_bytes()
    }
}

const IMPORTED: &str = "imported";
const ACCOUNT_ID: &str = "account_id";
const OWNER: &str = "owner";
const PROTECTS: &str = "protects";
const OWN: &str = "own";
const REPLACED: &str = "replaced";
const UNCONFIRMED: &str = "unconfirmed";

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    struct Seen {
        names: Vec<String>,
    }

    #[test]
    fn what_is_remembered_survives_this_version_and_others() {
        let bytes = br#"{"account_id":7,"added_later":[1],"imported":true,"own":{"names":["a"]},"owner":3,"protects":"it","unconfirmed":true}"#;
        let (private, own) = Private::from_bytes::<Seen>(bytes);
        assert!(private.imported && private.unconfirmed);
        assert_eq!((private.account_id, own.names.as_slice()), (Some(7.into()), &["a".into()][..]));
        assert_eq!(private.into_bytes(&own), bytes);
    }

    #[test]
    fn a_replacement_keeps_what_was_remembered_of_the_object_that_it_replaces() {
        let bytes = br#"{"account_id":7,"own":{"names":["a"]},"owner":3}"#;
        let planned = Private::of_new(bytes).into_bytes(&Seen::default());
        let (private, own) = Private::from_bytes::<Seen>(&planned);
        assert_eq!((private.account_id, own), (None, Seen::default()));
        let (private, own) = private.of_replaced::<Seen>().expect("it replaces one");
        assert_eq!(private.into_bytes(&own), bytes);
        assert!(Private::of_new(b"").of_replaced::<Seen>().is_none());
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
        let new = Private::of_new(b"").into_bytes(&());
        assert!(!Private::from_bytes::<()>(&new).0.imported);
    }
}
