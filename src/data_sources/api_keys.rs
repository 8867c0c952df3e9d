//! `digicert_api_keys`: the API keys of the account.

use crate::certcentral::{Id, id};
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::schema::{Json, Rows};

use super::found::{all, fits};

model! {
    /// An API key.
    pub struct ApiKey {
        /// ID of the API key.
        pub id: Option<Id>,
        /// ID of the user that the API key belongs to.
        pub user_id: Option<Id>,
        /// Name of the API key.
        pub name: Option<String>,
        /// Status of the API key: `active` or `revoked`.
        pub status: Option<String>,
        /// ID of the role that the API key is restricted to: `"100"` Orders, `"101"` Orders, Domains,
        /// Organizations, `"102"` View Only, `"103"` User Management.
        pub restricted_to_role_id: Option<Id>,
        /// Time when the API key was created, as the API returns it.
        pub create_date: Option<String>,
        /// Time when the API key was last used, as the API returns it. Null if it was never used.
        pub last_used_date: Option<String>,
    }
}

model! {
    /// Lists the API keys of the account, also those that are revoked. CertCentral returns the keys themselves
    /// only when they are created.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to View Only.
    ///
    /// **DigiCert API:** [List API keys](https://dev.digicert.com/services-api/api-keys/list-keys/)
    pub struct ApiKeysDataSource {
        /// Lists only API keys of this user.
        pub user_id: Option<Id>,
        /// Lists only API keys with this status: `active` or `revoked`.
        #[attr(min_len(1))]
        pub status: Option<String>,
        /// IDs of the API keys.
        #[attr(computed)]
        pub ids: Option<Vec<Id>>,
        /// The API keys, sorted by ID.
        #[attr(rows(ApiKey::block().looked_up(&[])))]
        pub api_keys: Rows,
    }
}

impl Declared for ApiKeysDataSource {
    const TYPE: &'static str = "digicert_api_keys";
}

impl DataSource for ApiKeysDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let user = self.user_id.map(|id| id.to_string());
        let query: Vec<_> = user.iter().map(|user| ("user_id", user.as_str())).collect();
        let mut keys = cx
            .api()?
            .list_unpaged("key", &query, &["api_keys"], |row| {
                row.id("id")?;
                Ok(Some(as_attributes(row.into_json())))
            })
            .await?;
        // Whether CertCentral filters by user is documented by an example alone.
        let of_user = |key: &Json| key.get("user_id").and_then(id) == self.user_id;
        keys.retain(|key| self.user_id.is_none() || of_user(key));
        keys.retain(|key| fits(key, "status", self.status.as_ref()));
        Ok(all("api_keys", keys))
    }
}

/// A response with the names of the attributes. A restriction to role 0 is none.
fn as_attributes(mut answer: Json) -> Json {
    let user = answer.pointer("/user/id").cloned();
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("user_id".into(), user.into());
        if fields.get("restricted_to_role_id").and_then(id) == Some(Id::default()) {
            fields.remove("restricted_to_role_id");
        }
    }
    answer
}
