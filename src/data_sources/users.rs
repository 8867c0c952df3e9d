//! `digicert_users`: the users of the account.

use crate::certcentral::{Id, List as CachedList, id_of, text_of};
use crate::kind::{Context, DataSource, Declared, Failure, Found, List};
use crate::model;
use crate::resources::user::{self, User};
use crate::schema::{Json, Rows};

use super::found::{all, fits};
use super::search::{self, Search};

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

impl Search for UsersDataSource {
    const LIST: &'static CachedList = &user::USERS;

    fn query(&self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("container_id", self.container_id.map(|id| id.to_string())),
            ("access_role_id", self.access_role_id.map(|id| id.to_string())),
            ("filters[search]", self.search.clone()),
        ]
    }

    fn lets_through(&self, row: &Json) -> bool {
        fits(row, "status", self.status.as_ref())
    }
}

impl DataSource for UsersDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        Ok(all("users", search::rows(&self, &cx.api()?).await?))
    }
}

impl List for User {
    type Filter = UsersDataSource;

    async fn list(
        filter: UsersDataSource,
        cx: &mut Context,
        found: &mut Found,
    ) -> Result<(), Failure> {
        // Whether CertCentral lists them here is not documented. They cannot be imported as users.
        let services = user::among_users(&cx.api()?).await?;
        let named = |user: Json| {
            let [username, first, last] =
                ["username", "first_name", "last_name"].map(|name| text_of(&user, name));
            let is_service = id_of(&user).is_some_and(|id| services.contains(&id));
            if is_service || user::is_name(first, last) {
                return None;
            }
            Some((format!("{username} ({first} {last})"), user))
        };
        search::stream(&filter, named, cx, found).await
    }
}
