//! Searches for subaccounts. The list contains neither `child_name` nor the first user, so each candidate is
//! read.

use crate::certcentral::{Answer, Call, Error, Id, List, Session, id};
use crate::kind::{Context, Failure, import_id_if_digits};
use crate::schema::{Json, Model};

use super::{CREATE_PATH, PATH, Subaccount, as_attributes, fetch, messages, path};

/// The ID of the subaccount to import, given by ID or by `child_name`.
pub(super) async fn import(text: &str, api: &Session) -> Result<Id, Failure> {
    if let Some(id) = import_id_if_digits(text)? {
        return Ok(id);
    }
    let found = read_named(text, api).await?;
    match found.as_slice() {
        [Subaccount { id: Some(id), .. }] => Ok(*id),
        [] => Err(messages::none_to_import(text).into()),
        _ => Err(messages::several_to_import(text, &found).into()),
    }
}

/// The subaccounts with this `child_name`: their IDs, and their organizations for a message.
pub(crate) async fn named(child_name: &str, api: &Session) -> Result<Vec<(Id, String)>, Error> {
    let found = read_named(child_name, api).await?.into_iter();
    Ok(found.filter_map(|it| Some((it.id?, it.organization.name))).collect())
}

/// The subaccounts with this `child_name`, which the list does not contain.
async fn read_named(child_name: &str, api: &Session) -> Result<Vec<Subaccount>, Error> {
    let mut found = Vec::new();
    for row in rows(api, &[]).await? {
        let subaccount = read(row.id, api).await?;
        found.extend(subaccount.filter(|it| it.child_name.as_deref() == Some(child_name)));
    }
    Ok(found)
}

impl Subaccount {
    /// Subaccounts with the same type, `child_name` and first user that this run did not create.
    pub(super) async fn duplicates(&self, api: &Session, cx: &Context) -> Result<Vec<Self>, Error> {
        let mut duplicates = Vec::new();
        let search = [("filters[search]", self.organization.name.as_str())];
        for Row { id, account_type } in rows(api, &search).await? {
            let same_type = account_type.as_deref() == Some(&self.account_type);
            if !same_type || cx.created_here(&path(id)) {
                continue;
            }
            let other = read(id, api).await?;
            duplicates.extend(other.filter(|other| self.is_duplicate_of(other)));
            if duplicates.len() == MOST_DUPLICATES {
                break;
            }
        }
        Ok(duplicates)
    }

    fn is_duplicate_of(&self, other: &Self) -> bool {
        // A response without the user does not prove a difference.
        let same_user = other.user.email.is_empty()
            || other.user.email.to_lowercase() == self.user.email.to_lowercase();
        same_user && (self.child_name.is_none() || self.child_name == other.child_name)
    }

    /// The ID of a subaccount whose create response was truncated before it.
    pub(super) async fn find_created(
        &self,
        api: &Session,
        cx: &mut Context,
    ) -> Result<Option<Id>, Failure> {
        let found = self.duplicates(api, cx).await?;
        if let [created] = found.as_slice() {
            return Ok(created.id);
        }
        cx.report(messages::id_not_found(self, &found));
        Ok(None)
    }
}

/// A row of the list.
struct Row {
    id: Id,
    account_type: Option<String>,
}

async fn rows(api: &Session, query: &[(&str, &str)]) -> Result<Vec<Row>, Error> {
    let read = |row: Answer| {
        let account_type = row.json().get("account_type").and_then(Json::as_str);
        Ok(Some(Row { id: row.id("account_id")?, account_type: account_type.map(str::to_owned) }))
    };
    list(api, query, read).await
}

/// The rows of the list that `take` keeps.
pub(crate) async fn list<T: Send>(
    api: &Session,
    query: &[(&str, &str)],
    take: impl FnMut(Answer) -> Result<Option<T>, Error> + Send,
) -> Result<Vec<T>, Error> {
    api.list(PATH, query, SUBACCOUNTS.keys, take).await
}

/// The list that data sources share.
///
/// <https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/list-subaccounts.html>
pub(crate) static SUBACCOUNTS: List = List {
    path: PATH,
    query: &[],
    paged: true,
    // A subaccount is created at the path of the account.
    changed_by: &[CREATE_PATH],
    keys: &["subaccounts", "child_accounts"],
    row: |row| {
        let Json::Object(fields) = as_attributes(row) else { return None };
        Some((id(fields.get("id")?)?.to_string(), fields))
    },
    unique: true,
    least: 2,
};

/// The subaccount of a row of the list; `None` if it no longer exists.
async fn read(id: Id, api: &Session) -> Result<Option<Subaccount>, Error> {
    let Some(answer) = fetch(api, id).await? else { return Ok(None) };
    Subaccount::from_response(&answer).map(Some).map_err(|error| Error::Decode {
        call: Call { method: "GET", path: path(id) },
        problem: error.to_string(),
    })
}

/// Enough for a message.
const MOST_DUPLICATES: usize = 10;
