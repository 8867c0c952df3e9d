//! `digicert_service_users`: the service users of the account.

use std::collections::BTreeSet;

use crate::certcentral::Id;
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::user;
use crate::schema::{Json, Rows};

use super::found::all;

model! {
    /// A service user.
    pub struct ServiceUser {
        /// ID of the service user.
        pub id: Option<Id>,
        /// Username, which CertCentral generates.
        pub username: Option<String>,
        /// E-mail address of the service user.
        pub email: Option<String>,
        /// Status of the service user, for example `active`.
        pub status: Option<String>,
        /// ID of the account the service user belongs to.
        pub account_id: Option<Id>,
        /// IDs of all containers (divisions) the service user is limited to. Null if it is not limited, or if
        /// CertCentral does not list them.
        pub container_id_assignments: Option<BTreeSet<Id>>,
    }
}

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
        #[attr(rows(ServiceUser::block().looked_up(&[])))]
        pub service_users: Rows,
    }
}

impl Declared for ServiceUsersDataSource {
    const TYPE: &'static str = "digicert_service_users";
}

impl DataSource for ServiceUsersDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let search = self.search.as_deref().map(|text| ("filters[search]", text));
        let query: Vec<_> = search.into_iter().collect();
        let api = cx.api()?;
        let found = user::service_users(&api, &query, |row| {
            row.id("id")?;
            Ok(Some(user::as_attributes(row.into_json())))
        });
        Ok(all("service_users", found.await?))
    }
}
