//! `digicert_api_keys`: the API keys of the account.

use crate::certcentral::Id;
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::api_key::{self, ApiKey, KEYS};
use crate::schema::{Json, Rows};

use super::found::{all, fits};

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
        let api = cx.api()?;
        let mut keys = match self.user_id {
            Some(user) => api_key::of_user(user, &api).await?,
            None => api.listed_all(&KEYS).await?,
        };
        keys.retain(|key| fits(key, "status", self.status.as_ref()));
        Ok(all("api_keys", keys))
    }
}
