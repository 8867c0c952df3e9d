//! `digicert_service_users`: the service users of the account.

use crate::certcentral::{Id, List as CachedList, text_of};
use crate::kind::{Context, DataSource, Declared, Failure, Found, List};
use crate::model;
use crate::resources::service_user::ServiceUser;
use crate::resources::user::{SERVICE_USERS, SERVICE_USERS_ELSEWHERE};
use crate::schema::{Json, Rows};

use super::found::all;
use super::search::{self, Search};

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

impl Search for ServiceUsersDataSource {
    const LIST: &'static CachedList = &SERVICE_USERS;
    const ELSEWHERE: Option<&'static CachedList> = Some(&SERVICE_USERS_ELSEWHERE);

    fn query(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("filters[search]", self.search.clone())]
    }
}

impl DataSource for ServiceUsersDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        Ok(all("service_users", search::rows(&self, &cx.api()?).await?))
    }
}

impl List for ServiceUser {
    type Filter = ServiceUsersDataSource;

    async fn list(
        filter: ServiceUsersDataSource,
        cx: &mut Context,
        found: &mut Found,
    ) -> Result<(), Failure> {
        let named = |user: Json| {
            let name = format!("{} ({})", text_of(&user, "email"), text_of(&user, "username"));
            Some((name, user))
        };
        search::stream(&filter, named, cx, found).await
    }
}
