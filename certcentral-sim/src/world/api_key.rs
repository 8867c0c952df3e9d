//! API keys.

use jiff::civil::DateTime;
use serde::Serialize;

use super::World;
use crate::key::{self, Secret};

/// An API key, <https://dev.digicert.com/es/services-api/api-keys/get-key-info/>.
#[derive(Clone, Debug, Serialize)]
pub struct ApiKey {
    /// ID.
    pub id: u64,
    /// Account it belongs to.
    pub account_id: u64,
    /// User whose permissions it has.
    pub user_id: u64,
    /// Name.
    pub name: String,
    /// Status.
    pub status: ApiKeyStatus,
    /// When it was created.
    pub create_date: DateTime,
    /// When it was last used.
    pub last_used_date: Option<DateTime>,
    /// 100, 101, 102 or 103. If `None`, only the user's role limits it.
    pub restricted_to_role_id: Option<u64>,
    /// Made by an earlier version of CertCentral.
    pub is_legacy: bool,
    #[serde(skip)]
    pub(crate) secret: Secret,
}

/// Status of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiKeyStatus {
    /// It can be used.
    Active,
    /// It is refused.
    Revoked,
}

impl World {
    /// Adds an active key of a user, as the console does, and returns its ID and its secret.
    pub fn add_key(&mut self, user_id: u64, name: &str) -> (u64, String) {
        let account_id = self.users.get(&user_id).map_or(self.account.id, |it| it.account_id);
        self.last_key_id += 1;
        let id = self.last_key_id;
        let first = self.api_keys.values().next().map_or("", |it| it.secret.text());
        let secret = if self.derives_keys { key::derive(first, id) } else { key::make() };
        let key = ApiKey {
            id,
            account_id,
            user_id,
            name: name.to_owned(),
            status: ApiKeyStatus::Active,
            create_date: self.now(),
            last_used_date: None,
            restricted_to_role_id: None,
            is_legacy: false,
            secret: Secret::new(secret.clone()),
        };
        self.api_keys.insert(id, key);
        (id, secret)
    }

    /// The same for a key whose secret a response returns.
    pub(crate) fn issue_key(&mut self, user_id: u64, name: &str) -> (u64, String) {
        let (id, secret) = self.add_key(user_id, name);
        self.issued.push(secret.clone());
        (id, secret)
    }

    /// Revokes all keys of a user.
    pub(crate) fn revoke_keys(&mut self, user_id: u64) {
        for key in self.api_keys.values_mut().filter(|it| it.user_id == user_id) {
            key.status = ApiKeyStatus::Revoked;
        }
    }

    /// The active key with this secret. It is valid as long as its user exists.
    pub(crate) fn active_key(&mut self, secret: &str) -> Option<&mut ApiKey> {
        let users = &self.users;
        self.api_keys.values_mut().find(|it| {
            it.secret.text() == secret
                && it.status == ApiKeyStatus::Active
                && users.contains_key(&it.user_id)
        })
    }
}
