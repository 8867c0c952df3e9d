//! Identity of objects: what tells an object from all others, in every account.
//!
//! Terraform 1.12 and OpenTofu 1.12 store it with the state, and import by it. `terraform query` prints it.
//!
//! <https://developer.hashicorp.com/terraform/plugin/framework/resources/identity>

use super::Declared;
use crate::certcentral::Id;
use crate::schema::{Attr, Diagnostic, Path, Type, Value};

/// What identifies the objects of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The ID of the object, within its account.
    Object,
    /// The account alone: it has one such object.
    Account,
    /// Nothing that stays the same.
    None,
}

/// An attribute of an identity.
pub struct IdentityAttribute {
    /// Its name.
    pub name: &'static str,
    /// Plain text.
    pub description: &'static str,
    /// Whether an import needs it.
    pub required_for_import: bool,
}

const ACCOUNT_ID: &str = "account_id";
const ID: &str = "id";

impl Identity {
    /// The attributes, all of them strings.
    pub fn attributes(self) -> Vec<IdentityAttribute> {
        let account = IdentityAttribute {
            name: ACCOUNT_ID,
            description: "ID of the account the object belongs to.",
            required_for_import: self == Self::Account,
        };
        let id = IdentityAttribute {
            name: ID,
            description: "ID of the object.",
            required_for_import: true,
        };
        match self {
            Self::Object => vec![account, id],
            Self::Account => vec![account],
            Self::None => Vec::new(),
        }
    }

    /// The type of an identity.
    pub fn object_type(self) -> Type {
        Type::Object(self.attributes().iter().map(|it| (it.name, Type::String)).collect())
    }

    /// The identity of the object in a state, which belongs to this account as far as that is known. Null if the
    /// state is null, or has no ID yet.
    pub(super) fn of(self, state: &Value, account: Option<Id>) -> Value {
        let id = state.attribute(ID);
        let account = account.into_value();
        match (self, id.as_str()) {
            (Self::Object, Some(_)) => {
                Value::Object([(ACCOUNT_ID, account), (ID, id.clone())].into())
            }
            // The ID of such an object is that of its account, if it could be read.
            (Self::Account, Some(text)) if account.is_null() && text.parse::<Id>().is_ok() => {
                Value::Object([(ACCOUNT_ID, id.clone())].into())
            }
            (Self::Account, Some(_)) => Value::Object([(ACCOUNT_ID, account)].into()),
            _ => Value::Null,
        }
    }

    /// The account in an identity, if it has one, and the import ID of the object.
    ///
    /// # Errors
    ///
    /// When the identity has no such attribute, or it is not an ID.
    pub(super) fn import_id<R: Declared>(
        self,
        identity: &Value,
    ) -> Result<(Option<Id>, String), Diagnostic> {
        let read = |name: &'static str| {
            let value = identity.attribute(name);
            Option::<Id>::from_value(value).map_err(|_| {
                let detail = format!(
                    "`{name}` of the identity of a {} must be a numeric ID; got {}.",
                    R::TYPE,
                    value.show()
                );
                Diagnostic::error("Invalid identity", detail).at(Path::of(name))
            })
        };
        let account = read(ACCOUNT_ID)?;
        let key = if self == Self::Account { account } else { read(ID)? };
        match (self, key) {
            (Self::Object | Self::Account, Some(key)) => Ok((account, key.to_string())),
            (Self::None, _) => Err(without_identity::<R>()),
            (_, None) => {
                let detail = format!("The identity of a {} must have an ID.", R::TYPE);
                Err(Diagnostic::error("Invalid identity", detail))
            }
        }
    }
}

fn without_identity<R: Declared>() -> Diagnostic {
    let detail = format!("A {} has no identity. Import it by its import ID.", R::TYPE);
    Diagnostic::error("Invalid identity", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(id: &str) -> Value {
        Value::Object([("id", id.into())].into())
    }

    #[test]
    fn an_identity_is_a_part_of_the_state_and_its_account() {
        let account = Some(Id::from(100_001));
        let text = |identity: Identity, id: &str, account| identity.of(&state(id), account).show();
        assert_eq!(text(Identity::Object, "7", account), r#"{account_id = "100001", id = "7"}"#);
        assert_eq!(text(Identity::Object, "7", None), r#"{account_id = null, id = "7"}"#);
        assert_eq!(text(Identity::Account, "100001", account), r#"{account_id = "100001"}"#);
        assert_eq!(text(Identity::Account, "100001", None), r#"{account_id = "100001"}"#);
        assert_eq!(text(Identity::Account, "account_settings", None), "{account_id = null}");
        assert!(Identity::None.of(&state("7"), account).is_null());
        assert!(Identity::Object.of(&Value::Null, account).is_null());
        let without = Value::Object([("id", Value::Null)].into());
        assert!(Identity::Object.of(&without, account).is_null());
    }
}
