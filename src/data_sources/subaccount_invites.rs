//! `digicert_subaccount_invites`: the invites to open a subaccount.

use crate::certcentral::Id;
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::subaccount_invite::{self, Invite};
use crate::schema::{Json, Rows};

use super::found::{all, fits};

model! {
    /// An invite in a list.
    pub struct ListedInvite {
        /// Type of the subaccount: `retail`, `enterprise` or `reseller`.
        pub subaccount_type: Option<String>,
        /// Custom text of the e-mail.
        pub invite_note: Option<String>,
        ..Invite::block().looked_up(&[])
    }
}

model! {
    /// Lists the invites to open a subaccount, also those that were accepted, canceled or have expired.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to View Only.
    ///
    /// **DigiCert API:** [List invites](https://dev.digicert.com/en/certcentral-apis/services-api/account/list-invites.html)
    pub struct SubaccountInvitesDataSource {
        /// Lists only invites with this status: `pending`, `accepted`, `expired` or `canceled`.
        #[attr(min_len(1))]
        pub status: Option<String>,
        /// Lists only invites to open a subaccount of this type: `retail`, `enterprise` or `reseller`.
        #[attr(min_len(1))]
        pub subaccount_type: Option<String>,
        /// Lists only invites to this address.
        #[attr(email)]
        pub email: Option<String>,
        /// IDs of the invites.
        #[attr(computed)]
        pub ids: Option<Vec<Id>>,
        /// The invites, sorted by ID.
        #[attr(rows(ListedInvite::block().looked_up(&[])))]
        pub invites: Rows,
    }
}

impl Declared for SubaccountInvitesDataSource {
    const TYPE: &'static str = "digicert_subaccount_invites";
}

impl DataSource for SubaccountInvitesDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let filters =
            [("filters[email]", &self.email), ("filters[subaccount_type]", &self.subaccount_type)];
        let filters: Vec<_> =
            filters.iter().filter_map(|(name, it)| Some((*name, it.as_deref()?))).collect();
        let mut invites = subaccount_invite::list(&cx.api()?, &filters).await?;
        // The documented filter by status lacks `pending`.
        invites.retain(|it| fits(it, "status", self.status.as_ref()));
        Ok(all("invites", invites))
    }
}
