//! The service users of the account. A user object has no flag that tells them from people.

use std::collections::BTreeSet;

use crate::certcentral::{Error, Id, List, NamedRow, Session, id_of};
use crate::resources::list_row::row_by_id;
use crate::schema::{Json, flag};

use super::listed::LIMITED;
use super::{PATH, as_attributes};

/// The list that reads, imports and data sources share.
///
/// <https://dev.digicert.com/certcentral-apis/services-api/users/list-service-users.html>
pub(crate) static SERVICE_USERS: List = list("user/api-only");

/// The same list at the path that another version of DigiCert's page has.
pub(crate) static SERVICE_USERS_ELSEWHERE: List = list("service-user");

const fn list(path: &'static str) -> List {
    List {
        path,
        query: &[],
        paged: true,
        changed_by: &[PATH, "container"],
        keys: &["users"],
        row,
        unique: true,
        least: 2,
    }
}

fn row(row: Json) -> Option<NamedRow> {
    let is_unlimited = row.get(LIMITED).and_then(flag) == Some(false);
    let has_limits = is_unlimited || row.get("container_assignments").is_some();
    row_by_id(row, as_attributes, |name| match name {
        LIMITS => has_limits,
        LIMITED => true,
        name => ATTRIBUTES.contains(&name),
    })
}

/// Whether a row says that the user is limited to containers, and not to which.
pub(crate) fn hides_limits(row: &Json) -> bool {
    row.get(LIMITED).and_then(flag) == Some(true) && row.get(LIMITS).is_none()
}

const LIMITS: &str = "container_id_assignments";

/// The attributes that rows contain, apart from the containers.
const ATTRIBUTES: &[&str] = &["id", "email", "username", "status", "account_id"];

/// All service users.
pub(crate) async fn service_users(api: &Session) -> Result<Vec<Json>, Error> {
    match api.listed_all(&SERVICE_USERS).await {
        Err(error) if error.has_code("not_found|route") => {
            api.listed_all(&SERVICE_USERS_ELSEWHERE).await
        }
        found => found,
    }
}

/// The IDs of the service users. `None` if the list is of no use: DigiCert's pages disagree on it.
pub(super) async fn listed_ids(api: &Session) -> Result<Option<Vec<Id>>, Error> {
    match service_users(api).await {
        Ok(found) => Ok(Some(found.iter().filter_map(id_of).collect())),
        Err(error) if error.is_refusal() || is_unusable(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The IDs of service users that are listed among the users, as far as that is known.
pub(crate) async fn among_users(api: &Session) -> Result<BTreeSet<Id>, Error> {
    Ok(listed_ids(api).await?.unwrap_or_default().into_iter().collect())
}

/// Whether this is the name that CertCentral gives to service users.
pub(crate) fn is_name(first_name: &str, last_name: &str) -> bool {
    first_name == "Service" && last_name == "User"
}

fn is_unusable(error: &Error) -> bool {
    matches!(error, Error::Decode { .. } | Error::Reported { .. })
}
