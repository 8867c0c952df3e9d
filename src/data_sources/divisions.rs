//! `digicert_divisions`: the divisions of the account.

use crate::certcentral::Id;
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::division::{self, Division, is_division, parent};
use crate::schema::{Json, Rows, flag};

use super::found::all;

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

impl DataSource for DivisionsDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let mut divisions = division::all(&cx.api()?).await?;
        divisions.retain(is_division);
        divisions.retain(|it| self.parent_id.is_none_or(|id| parent(it) == Some(id)));
        divisions.retain(|it| {
            self.is_active.is_none_or(|wanted| it.get("is_active").and_then(flag) == Some(wanted))
        });
        Ok(all("divisions", divisions))
    }
}
