//! Looks subaccounts up: the list carries neither `child_name` nor the first user, so each candidate is read.

use crate::certcentral::{Answer, Call, Error, Id, Session, printable};
use crate::kind::{Context, Failure, import_id};
use crate::schema::{Diagnostic, Json, Model, Path};

use super::{Subaccount, fetch, path};

/// The subaccount that an import names: by its ID, or else by its `child_name`.
pub(super) async fn import(text: &str, api: &Session) -> Result<Id, Failure> {
    if text.is_empty() || text.bytes().all(|byte| byte.is_ascii_digit()) {
        return import_id(text);
    }
    let mut found = Vec::new();
    for row in rows(api, &[]).await? {
        let subaccount = read(row.id, api).await?;
        found.extend(subaccount.filter(|it| it.child_name.as_deref() == Some(text)));
    }
    match found.as_slice() {
        [Subaccount { id: Some(id), .. }] => Ok(*id),
        [] => Err(not_found(text).into()),
        _ => Err(ambiguous(text, &found).into()),
    }
}

impl Subaccount {
    /// Subaccounts of the same type, `child_name` and first user that this run did not create itself.
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
        // An answer without the user cannot tell two apart, so it does not prove a difference.
        let same_user = other.user.email.is_empty()
            || other.user.email.to_lowercase() == self.user.email.to_lowercase();
        same_user && (self.child_name.is_none() || self.child_name == other.child_name)
    }

    /// The ID of a subaccount whose answer was cut before it.
    pub(super) async fn find_created(
        &self,
        api: &Session,
        cx: &mut Context,
    ) -> Result<Option<Id>, Failure> {
        let found = self.duplicates(api, cx).await?;
        if let [created] = found.as_slice() {
            return Ok(created.id);
        }
        let found = if found.is_empty() { "none".to_owned() } else { list(&found) };
        cx.warn(
            "Subaccount without ID",
            format!(
                "The answer to the request that created {} was cut before its ID, and the list of subaccounts \
                 should have exactly one that matches. It has: {found}. The state is kept as it is.",
                self.description()
            ),
        );
        Ok(None)
    }
}

/// A row of the list.
struct Row {
    id: Id,
    account_type: Option<String>,
}

/// <https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/list-subaccounts.html>
async fn rows(api: &Session, query: &[(&str, &str)]) -> Result<Vec<Row>, Error> {
    let read = |row: Answer| {
        let account_type = row.json().get("account_type").and_then(Json::as_str);
        Ok(Some(Row { id: row.id("account_id")?, account_type: account_type.map(str::to_owned) }))
    };
    api.list("account/subaccount", query, &["subaccounts", "child_accounts"], read).await
}

/// The subaccount of a row of the list; nothing if it is gone meanwhile.
async fn read(id: Id, api: &Session) -> Result<Option<Subaccount>, Error> {
    let Some(answer) = fetch(api, id).await? else { return Ok(None) };
    Subaccount::from_response(&answer).map(Some).map_err(|error| Error::Decode {
        call: Call { method: "GET", path: path(id) },
        problem: error.to_string(),
    })
}

/// So many are enough for a message.
const MOST_DUPLICATES: usize = 10;

/// "managed subaccount 200002 (…, created 2024-01-02 03:04:05) and retail subaccount 200003 (…)".
pub(super) fn list(subaccounts: &[Subaccount]) -> String {
    let each = subaccounts.iter().map(|it| {
        let created = printable(it.date_created.as_deref().unwrap_or("at an unknown time"));
        let account_type = printable(&it.account_type);
        format!("{account_type} subaccount {} ({}, created {created})", it.number(), it.title())
    });
    each.collect::<Vec<_>>().join(" and ")
}

fn not_found(child_name: &str) -> Diagnostic {
    let detail = format!(
        "The account the API key belongs to has no subaccount with the child_name {child_name:?}. Import by the \
         ID of the subaccount, or by its exact child_name. Text that consists of digits is taken as an ID."
    );
    Diagnostic::error("Subaccount not found", detail).at(Path::of("id"))
}

fn ambiguous(child_name: &str, found: &[Subaccount]) -> Diagnostic {
    let detail = format!(
        "The child_name {child_name:?} must match exactly one subaccount, but it matches {}. Import the one you \
         mean by its ID.",
        list(found)
    );
    Diagnostic::error("Several subaccounts found", detail).at(Path::of("id"))
}
