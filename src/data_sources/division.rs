//! `digicert_division`: one division.

use crate::certcentral::{Id, text_of};
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::division::{self, Division, is_division};
use crate::schema::Json;

use super::found::{Key, named, none, only};

model! {
    /// Looks up a division by ID or name.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to View Only.
    ///
    /// **DigiCert API:** [Container info](https://dev.digicert.com/services-api/containers/container-info/),
    /// [List containers](https://dev.digicert.com/services-api/containers/list-containers/)
    pub struct DivisionDataSource {
        /// ID of the division.
        #[attr(looks_up)]
        pub id: Option<Id>,
        /// Name of the division. Case-sensitive. Several divisions can have the same name.
        #[attr(looks_up)]
        pub name: Option<String>,
        ..Division::block().looked_up(&[])
    }
}

impl Declared for DivisionDataSource {
    const TYPE: &'static str = "digicert_division";
}

impl DataSource for DivisionDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let id = match (self.id, self.name) {
            (Some(id), _) => id,
            (None, name) => {
                let name = name.unwrap_or_default();
                let mut found = division::all(&api).await?;
                found.retain(|it| is_division(it) && text_of(it, "name") == name);
                let found: Vec<_> = found.iter().filter_map(|it| named(it, "name")).collect();
                only("division", &Key { argument: "name", value: &name }, &found)?
            }
        };
        let key = Key { argument: "id", value: &id.to_string() };
        Ok(division::fetch(&api, id).await?.ok_or_else(|| none("division", &key))?)
    }
}
