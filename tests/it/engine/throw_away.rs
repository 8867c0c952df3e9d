//! A data source, a resource and its list that exist for the tests of the engine alone.

use serde_json::json;
use terraform_provider_digicert::certcentral::{Answer, Id};
use terraform_provider_digicert::kind::{
    AnyDataSource, AnyList, AnyResource, Context, DataSource, Declared, Failure, Found, Kind, List,
    Read, Resource,
};
use terraform_provider_digicert::model;
use terraform_provider_digicert::schema::Json;

pub(super) static RESOURCES: &[&dyn AnyResource] = &[Kind::<Thing>::REF];
pub(super) static DATA_SOURCES: &[&dyn AnyDataSource] = &[Kind::<LookedUp>::REF];
pub(super) static LISTS: &[&dyn AnyList] = &[Kind::<Thing>::REF];

model! {
    /// Looks a user up.
    pub struct LookedUp {
        /// ID of the user.
        pub id: Id,
        /// Status of the user.
        #[attr(computed)]
        pub status: Option<String>,
    }
}

impl Declared for LookedUp {
    const TYPE: &'static str = "digicert_throw_away";
}

impl DataSource for LookedUp {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        Ok(cx.api()?.get(&format!("user/{}", self.id), &[]).await?.into_json())
    }
}

model! {
    /// A user that is only read.
    pub struct Thing {
        /// ID of the user.
        #[attr(computed)]
        pub id: Option<Id>,
        /// Sign-in name.
        pub username: String,
    }
}

model! {
    /// Which users are listed.
    pub struct Filter {
        /// Part of a name.
        pub search: Option<String>,
    }
}

impl Declared for Thing {
    const TYPE: &'static str = "digicert_throw_away";
}

impl Resource for Thing {
    type Memory = ();

    async fn create(self, _cx: &mut Context) -> Result<Json, Failure> {
        Ok(Json::Null)
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let id = self.id.unwrap_or_default();
        Ok(match cx.api()?.object("user", id, "id").await? {
            Some(answer) => Read::Found(answer.into_json()),
            None => Read::NotFound,
        })
    }

    async fn update(self, _prior: Self, _cx: &mut Context) -> Result<Json, Failure> {
        Ok(Json::Null)
    }

    async fn delete(self, _cx: &mut Context) -> Result<(), Failure> {
        Ok(())
    }

    async fn import(id: &str, _cx: &mut Context) -> Result<Json, Failure> {
        Ok(json!({ "id": id }))
    }
}

impl List for Thing {
    type Filter = Filter;

    async fn list(filter: Filter, cx: &mut Context, found: &mut Found) -> Result<(), Failure> {
        let path = if filter.search.as_deref() == Some("fail") { "no/such/list" } else { "user" };
        let api = cx.api()?;
        let mut pages = api.pages(path, &[], &["users"], |row: Answer| Ok(Some(row.into_json())));
        while let Some(rows) = pages.next().await? {
            for row in rows {
                let name = row["username"].as_str().unwrap_or_default().to_owned();
                if !found.push(name, row).await {
                    return Ok(());
                }
            }
            pages.release();
        }
        Ok(())
    }
}
