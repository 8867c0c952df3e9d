//! Lists, page by page.

use serde_json::Value;

use super::answer::{Answer, id};
use super::error::{Call, Error};
use super::session::Session;

/// A page of a list.
pub(super) struct Page {
    pub(super) rows: Vec<Answer>,
    /// Pages of this size behind it, where the list says how long it is.
    pub(super) rest: Option<usize>,
}

impl Session {
    /// Reads all pages of a list, whose array is under the first of these keys that is there.
    ///
    /// A list with `page.total` ends there or with an empty page, one without a total at an empty
    /// page, and one without `page` is whole.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] also if no key is there, or no array under it.
    pub async fn list(
        &self,
        path: &str,
        query: &[(&str, &str)],
        keys: &[&str],
    ) -> Result<Vec<Answer>, Error> {
        let rows = self.list_within(path, query, keys, MOST_PAGES).await?;
        rows.ok_or_else(|| Error::Decode {
            call: Call { method: "GET", path: path.to_owned() },
            problem: format!("the list does not end after {MOST_PAGES} pages"),
        })
    }

    /// The same, unless it takes more pages than so many: then `None`, as soon as that shows.
    pub async fn list_within(
        &self,
        path: &str,
        query: &[(&str, &str)],
        keys: &[&str],
        pages: usize,
    ) -> Result<Option<Vec<Answer>>, Error> {
        let mut rows: Vec<Answer> = Vec::new();
        for left in (0..pages).rev() {
            let page = self.page(path, query, keys, rows.len()).await?;
            rows.extend(page.rows);
            if page.rest == Some(0) {
                return Ok(Some(rows));
            }
            if page.rest.is_some_and(|rest| rest > left) {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// The page behind so many rows.
    pub(super) async fn page(
        &self,
        path: &str,
        query: &[(&str, &str)],
        keys: &[&str],
        offset: usize,
    ) -> Result<Page, Error> {
        let first = offset.to_string();
        let paged = [query, &[("limit", "1000"), ("offset", &first)]].concat();
        let answer = self.get(path, &paged).await?;
        let call = answer.call().clone();
        let total = total(answer.json());
        let rows = array(answer, keys)?;
        let missing = total.map(|total| total.saturating_sub(offset + rows.len()));
        let rest =
            if rows.is_empty() { Some(0) } else { missing.map(|it| it.div_ceil(rows.len())) };
        let rows = rows.into_iter().map(|row| Answer::new(row, call.clone())).collect();
        Ok(Page { rows, rest })
    }
}

/// A list of a million rows; whatever is longer goes round in circles.
const MOST_PAGES: usize = 1000;

/// How many rows there are behind all pages. A list that has no pages is whole as it is.
fn total(json: &Value) -> Option<usize> {
    match json.get("page") {
        Some(page) => usize::try_from(u64::from(page.get("total").and_then(id)?)).ok(),
        None => Some(0),
    }
}

fn array(answer: Answer, keys: &[&str]) -> Result<Vec<Value>, Error> {
    let Some(key) = keys.iter().find(|key| answer.json().get(key).is_some()) else {
        return Err(answer.wrong(&format!("{} is missing", keys.join(" or "))));
    };
    match answer.json().get(key) {
        Some(Value::Array(_)) => {}
        _ => return Err(answer.wrong(&format!("{key} is not a list"))),
    }
    match answer.into_json().get_mut(key).map(Value::take) {
        Some(Value::Array(rows)) => Ok(rows),
        _ => Ok(Vec::new()),
    }
}
