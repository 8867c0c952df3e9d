//! `digicert_api_keys`: the API keys of the account.

use crate::certcentral::{Id, List as CachedList, id, id_of, text_of};
use crate::kind::{Context, DataSource, Declared, Failure, Found, List};
use crate::model;
use crate::resources::api_key::{ApiKey, KEYS};
use crate::schema::{Json, Rows};

use super::found::{all, fits};
use super::search::{self, Search};

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

impl Search for ApiKeysDataSource {
    const LIST: &'static CachedList = &KEYS;

    fn query(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("user_id", self.user_id.map(|id| id.to_string()))]
    }

    fn lets_through(&self, row: &Json) -> bool {
        // Whether CertCentral filters by user is documented by an example alone.
        let user = row.get("user_id").and_then(id);
        self.user_id.is_none_or(|wanted| user == Some(wanted))
            && fits(row, "status", self.status.as_ref())
    }
}

impl DataSource for ApiKeysDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        Ok(all("api_keys", search::rows(&self, &cx.api()?).await?))
    }
}

impl List for ApiKey {
    type Filter = ApiKeysDataSource;

    /// A key that was revoked cannot be imported, so it is not listed.
    async fn list(
        filter: ApiKeysDataSource,
        cx: &mut Context<Self::Memory>,
        found: &mut Found,
    ) -> Result<(), Failure> {
        let named = |key: Json| {
            let is_active = text_of(&key, "status") != "revoked";
            let name = format!("{} ({})", text_of(&key, "name"), id_of(&key)?);
            is_active.then_some((name, key))
        };
        search::stream(&filter, named, cx, found).await
    }
}
