//! `digicert_divisions`: the divisions of the account.

use crate::certcentral::{Id, List as CachedList, id_of, text_of};
use crate::kind::{Context, DataSource, Declared, Failure, Found, List};
use crate::model;
use crate::resources::division::{CONTAINERS, Division, is_division, parent};
use crate::schema::{Json, Rows, flag};

use super::found::all;
use super::search::{self, Search};

model! {
    /// Lists the divisions of the account the API key belongs to. The root container is not listed: see
    /// `root_container_id` of the data source `digicert_account`.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to View Only.
    ///
    /// **DigiCert API:** [List containers](https://dev.digicert.com/services-api/containers/list-containers/)
    pub struct DivisionsDataSource {
        /// Lists only divisions directly below this container.
        pub parent_id: Option<Id>,
        /// Lists only active divisions, or only inactive ones.
        pub is_active: Option<bool>,
        /// IDs of the divisions.
        #[attr(computed)]
        pub ids: Option<Vec<Id>>,
        /// The divisions, sorted by ID.
        #[attr(rows(Division::block().looked_up(&[])))]
        pub divisions: Rows,
    }
}

impl Declared for DivisionsDataSource {
    const TYPE: &'static str = "digicert_divisions";
}

impl Search for DivisionsDataSource {
    const LIST: &'static CachedList = &CONTAINERS;

    fn query(&self) -> Vec<(&'static str, Option<String>)> {
        Vec::new()
    }

    fn lets_through(&self, row: &Json) -> bool {
        let is_active = row.get("is_active").and_then(flag);
        is_division(row)
            && self.parent_id.is_none_or(|id| parent(row) == Some(id))
            && self.is_active.is_none_or(|wanted| is_active == Some(wanted))
    }
}

impl DataSource for DivisionsDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        Ok(all("divisions", search::rows(&self, &cx.api()?).await?))
    }
}

impl List for Division {
    type Filter = DivisionsDataSource;

    async fn list(
        filter: DivisionsDataSource,
        cx: &mut Context<Self::Memory>,
        found: &mut Found,
    ) -> Result<(), Failure> {
        let named = |division: Json| {
            Some((format!("{} ({})", text_of(&division, "name"), id_of(&division)?), division))
        };
        search::stream(&filter, named, cx, found).await
    }
}
