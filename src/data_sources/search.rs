//! A search for objects: a data source in the plural, and the list resource of the same objects.

use crate::certcentral::{Error, List, RowPages, Session};
use crate::kind::{Context, Failure, Found, Memory};
use crate::schema::Json;

/// The filters of a data source in the plural, whose objects are rows of a list.
pub(super) trait Search: Send + Sync {
    /// The list.
    const LIST: &'static List;
    /// The same list at another path, where DigiCert's pages name two.
    const ELSEWHERE: Option<&'static List> = None;

    /// The filters that CertCentral applies.
    fn query(&self) -> Vec<(&'static str, Option<String>)>;

    /// Whether the other filters let a row through.
    fn lets_through(&self, _row: &Json) -> bool {
        true
    }
}

/// The rows that match.
pub(super) async fn rows<S: Search>(search: &S, api: &Session) -> Result<Vec<Json>, Error> {
    let query = search.query();
    let query = given(&query);
    let mut walk = Walk::begin::<S>(&query, api).await?;
    let mut rows = std::mem::take(&mut walk.first);
    while let Some(page) = walk.pages.next().await? {
        rows.extend(page);
    }
    rows.retain(|row| search.lets_through(row));
    Ok(rows)
}

/// Passes the objects that match on to the host, page by page: what `object` makes of a row, with its name.
pub(super) async fn stream<S: Search, M: Memory>(
    search: &S,
    object: impl Fn(Json) -> Option<(String, Json)> + Send + Sync,
    cx: &Context<M>,
    found: &mut Found,
) -> Result<(), Failure> {
    let api = cx.api()?;
    let query = search.query();
    let query = given(&query);
    let mut walk = Walk::begin::<S>(&query, &api).await?;
    let mut page = Some(std::mem::take(&mut walk.first));
    while let Some(rows) = page {
        let rows = rows.into_iter().filter(|row| search.lets_through(row));
        for (name, row) in rows.filter_map(&object) {
            if !found.push(name, row).await {
                return Ok(());
            }
        }
        walk.pages.release();
        page = walk.pages.next().await?;
    }
    Ok(())
}

/// A walk through the list, at the path that the API has.
struct Walk<'a> {
    first: Vec<Json>,
    pages: RowPages<'a>,
}

impl<'a> Walk<'a> {
    async fn begin<S: Search>(
        query: &'a [(&'a str, &'a str)],
        api: &'a Session,
    ) -> Result<Self, Error> {
        let mut pages = api.row_pages(S::LIST, query);
        let first = match (pages.next().await, S::ELSEWHERE) {
            (Err(error), Some(list)) if error.has_code("not_found|route") => {
                pages = api.row_pages(list, query);
                pages.next().await?
            }
            (first, _) => first?,
        };
        Ok(Self { first: first.unwrap_or_default(), pages })
    }
}

/// The filters that a configuration sets.
fn given<'a>(query: &'a [(&'static str, Option<String>)]) -> Vec<(&'a str, &'a str)> {
    query.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect()
}
