//! `digicert_service_users`: the service users of the account.

use crate::certcentral::Id;
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::service_user::{SERVICE_USERS, ServiceUser};
use crate::resources::user;
use crate::schema::{Json, Rows};

use super::found::all;

model! {
    /// Lists the service users of the account: users that have API keys and do not sign in.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to User
    /// Management or View Only.
    ///
    /// **DigiCert API:** [List service users](https://dev.digicert.com/certcentral-apis/services-api/users/list-service-users.html)
    pub struct ServiceUsersDataSource {
        /// Lists only service users whose username or e-mail address is this text, or contains it: `%ci` finds
        /// every service user with `ci` in one of them.
        #[attr(min_len(1))]
        pub search: Option<String>,
        /// IDs of the service users.
        #[attr(computed)]
        pub ids: Option<Vec<Id>>,
        /// The service users, sorted by ID.
        #[attr(rows(ServiceUser::block().looked_up(&["key_name", "restricted_to_role_id", "key_id"])))]
        pub service_users: Rows,
    }
}

impl Declared for ServiceUsersDataSource {
    const TYPE: &'static str = "digicert_service_users";
}

impl DataSource for ServiceUsersDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        if self.search.is_none()
            && let Ok(found) = api.listed_all(&SERVICE_USERS).await
        {
            // The pages that refreshes of service users share.
            return Ok(all("service_users", found));
        }
        let search = self.search.as_deref().map(|text| ("filters[search]", text));
        let query: Vec<_> = search.into_iter().collect();
        let found = user::service_users(&api, &query, |row| {
            row.id("id")?;
            Ok(Some(user::as_attributes(row.into_json())))
        })
        .await?;
        Ok(all("service_users", found))
    }
}
