//! `digicert_user`: one user.

use crate::certcentral::Id;
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::user::{self, User};
use crate::schema::Json;

use super::found::{Key, none, only};

model! {
    /// Looks up a user by ID, username or e-mail address.
    ///
    /// **Required permissions:** API key of an administrator or manager, without restrictions or restricted to
    /// User Management or View Only.
    ///
    /// **DigiCert API:** [User info](https://dev.digicert.com/services-api/users/user-info/),
    /// [List users](https://dev.digicert.com/services-api/users/list-users/)
    pub struct UserDataSource {
        /// ID of the user.
        #[attr(looks_up)]
        pub id: Option<Id>,
        /// Sign-in name. Case-insensitive.
        #[attr(looks_up)]
        pub username: Option<String>,
        /// E-mail address. Case-insensitive. Several users can have the same address.
        #[attr(looks_up)]
        pub email: Option<String>,
        ..User::block().looked_up(&[])
    }
}

impl Declared for UserDataSource {
    const TYPE: &'static str = "digicert_user";
}

impl DataSource for UserDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let id = match (self.id, self.username, self.email) {
            (Some(id), ..) => id,
            (_, Some(value), _) => by("username", &value, cx).await?,
            (.., value) => by("email", &value.unwrap_or_default(), cx).await?,
        };
        let found = user::fetch(&api, id).await?;
        let key = Key { argument: "id", value: &id.to_string() };
        Ok(found.ok_or_else(|| none("user", &key))?)
    }
}

/// The ID of the only user with this username or e-mail address.
async fn by(argument: &'static str, value: &str, cx: &Context) -> Result<Id, Failure> {
    let found = user::find_by(&cx.api()?, argument, value).await?;
    only("user", &Key { argument, value }, &found)
}
