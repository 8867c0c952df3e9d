//! `digicert_users`: the users of the account.

use crate::certcentral::{Answer, Id};
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::user::{self, User};
use crate::schema::{Json, Rows};

use super::found::{all, fits};

model! {
    /// Lists the users of the account the API key belongs to.
    ///
    /// -> **Note:** Users that sign in are listed. Whether CertCentral also lists service users here is not
    /// documented; `digicert_service_users` lists them.
    ///
    /// **Required permissions:** API key of an administrator or manager, without restrictions or restricted to
    /// User Management or View Only.
    ///
    /// **DigiCert API:** [List users](https://dev.digicert.com/services-api/users/list-users/)
    pub struct UsersDataSource {
        /// Lists only users of this container (division).
        pub container_id: Option<Id>,
        /// Lists only users with this access role.
        pub access_role_id: Option<Id>,
        /// Lists only users whose username, name or e-mail address is this text, or contains it: `%ana` finds
        /// every user with `ana` in one of them.
        #[attr(min_len(1))]
        pub search: Option<String>,
        /// Lists only users with this status, for example `active`.
        #[attr(min_len(1))]
        pub status: Option<String>,
        /// IDs of the users.
        #[attr(computed)]
        pub ids: Option<Vec<Id>>,
        /// The users, sorted by ID.
        #[attr(rows(User::block().looked_up(user::NOT_IN_ROWS)))]
        pub users: Rows,
    }
}

impl Declared for UsersDataSource {
    const TYPE: &'static str = "digicert_users";
}

impl DataSource for UsersDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let [container, role] = [self.container_id, self.access_role_id].map(text);
        let filters = [
            ("container_id", container),
            ("access_role_id", role),
            ("filters[search]", self.search),
        ];
        let filters: Vec<_> =
            filters.iter().filter_map(|(name, it)| Some((*name, it.as_deref()?))).collect();
        let mut users = match filters.as_slice() {
            // The pages that refreshes of users share.
            [] => api.listed_all(&user::USERS).await?,
            filters => {
                let as_user = |row: Answer| Ok(Some(user::as_attributes(row.into_json())));
                api.list(user::PATH, filters, user::USERS.keys, as_user).await?
            }
        };
        users.retain(|user| fits(user, "status", self.status.as_ref()));
        Ok(all("users", users))
    }
}

fn text(id: Option<Id>) -> Option<String> {
    id.map(|id| id.to_string())
}
