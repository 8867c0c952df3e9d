//! `digicert_current_user`: the user that the API key belongs to.

use crate::certcentral::Id;
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::user::{self, User};
use crate::schema::Json;

model! {
    /// Reads the user that the API key of the provider belongs to.
    ///
    /// **Required permissions:** any API key.
    ///
    /// **DigiCert API:** [User info](https://dev.digicert.com/services-api/users/user-info/)
    pub struct CurrentUserDataSource {
        /// ID of the user.
        #[attr(computed)]
        pub id: Option<Id>,
        ..User::block().looked_up(&[])
    }
}

impl Declared for CurrentUserDataSource {
    const TYPE: &'static str = "digicert_current_user";
}

impl DataSource for CurrentUserDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let answer = cx.api()?.get("user/me", &[]).await?;
        answer.id("id")?;
        Ok(user::as_attributes(answer.into_json()))
    }
}
