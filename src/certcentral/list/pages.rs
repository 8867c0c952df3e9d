//! Lists, page by page.

use crate::certcentral::answer::{Answer, id};
use crate::certcentral::error::{Call, Error};
use crate::certcentral::id::Id;
use crate::certcentral::request::{PAGE_BYTES, Request};
use crate::certcentral::response::RawResponse;
use crate::certcentral::session::Session;
use crate::certcentral::{api_error, json, redacted};

/// The pages of a list, fetched one after the other.
pub struct Pages<'a, F> {
    session: &'a Session,
    source: Source<'a>,
    take: F,
    /// The number of rows received so far.
    offset: usize,
    bounds: Bounds,
    pub(super) fetched: usize,
    /// Pages left to fetch, if the list reports its total.
    pub(super) rest: Option<usize>,
}

/// The list that a page belongs to.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    pub(super) query: &'a [(&'a str, &'a str)],
    /// Names that the array of rows may have. The first one in the response counts.
    pub(super) keys: &'a [&'a str],
    /// Whether the first request asks for a page, too. Some lists are documented without pages; these may be `{}`
    /// if they are empty.
    pub(super) paged: bool,
}

/// A page that was fetched.
pub(super) struct Page {
    pub(super) rows: usize,
    /// The number of pages of this size after this one, if the list reports its total.
    pub(super) rest: Option<usize>,
}

/// Receives each row, and the length of its text.
pub(super) type Each<'a> = &'a mut (dyn FnMut(Answer, usize) -> Result<(), Error> + Send);

impl<'a, T: Send, F> Pages<'a, F>
where
    F: FnMut(Answer) -> Result<Option<T>, Error> + Send,
{
    pub(super) fn new(session: &'a Session, source: Source<'a>, take: F) -> Self {
        Self { session, source, take, offset: 0, bounds: Bounds::default(), fetched: 0, rest: None }
    }

    /// The kept rows of the next page; `None` after the last page.
    ///
    /// A list ends when `page.total` rows were received, or with an empty page. A response without `page`
    /// is the complete list.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] also if the response has no array under any of the keys, if the list has too many
    /// pages, or if the kept rows would take too much memory.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>, Error> {
        if self.rest == Some(0) {
            return Ok(None);
        }
        let path = self.source.path;
        self.bounds.add_page(path)?;
        let Self { session, source, take, offset, bounds, .. } = self;
        let mut kept = Vec::new();
        let mut each = |row: Answer, length: usize| {
            let Some(row) = take(row)? else { return Ok(()) };
            kept.push(row);
            bounds.add_row(path, length)
        };
        let page = fetch(session, *source, *offset, false, &mut each).await?;
        self.offset += page.rows;
        self.fetched += 1;
        self.rest = page.rest;
        Ok(Some(kept))
    }
}

impl<F> Pages<'_, F> {
    /// Stops counting the rows returned so far towards the memory limit, because the caller dropped them.
    pub fn release(&mut self) {
        self.bounds.release();
    }
}

/// What a walk through a list has received, within limits.
#[derive(Default)]
pub(super) struct Bounds {
    pages: usize,
    /// The size of the kept rows.
    bytes: usize,
}

impl Bounds {
    /// Counts a page that is about to be fetched.
    pub(super) fn add_page(&mut self, path: &str) -> Result<(), Error> {
        if self.pages == MAX_PAGES {
            return Err(unusable(path, format!("the list has more than {MAX_PAGES} pages")));
        }
        self.pages += 1;
        Ok(())
    }

    /// Counts a row that is kept.
    pub(super) fn add_row(&mut self, path: &str, length: usize) -> Result<(), Error> {
        self.bytes += length + ROW_BYTES;
        match self.bytes > MAX_BYTES {
            true => Err(unusable(path, "the list is too large to be kept in memory".to_owned())),
            false => Ok(()),
        }
    }

    /// The rows so far were dropped.
    pub(super) fn release(&mut self) {
        self.bytes = 0;
    }
}

/// Fetches the page at this offset. Its rows are parsed one at a time, because a parsed page would take
/// too much memory. An `optional` page is not retried.
pub(super) async fn fetch(
    session: &Session,
    source: Source<'_>,
    offset: usize,
    optional: bool,
    each: Each<'_>,
) -> Result<Page, Error> {
    let Source { path, query, paged, .. } = source;
    let first = offset.to_string();
    let page = [("limit", "1000"), ("offset", &first)];
    let query = [query, if paged || offset > 0 { &page } else { &[] }].concat();
    let request =
        Request { max_bytes: PAGE_BYTES, optional, ..Request::new("GET", path, &query, None) };
    let response = session.guarded(&request).await?;
    let rows = rows(&response, &request.call, &source, each)?;
    let missing = rows.total.map(|total| total.saturating_sub(offset + rows.count));
    let rest = if rows.count == 0 { Some(0) } else { missing.map(|it| it.div_ceil(rows.count)) };
    Ok(Page { rows: rows.count, rest })
}

/// The rows of one response.
struct Rows {
    count: usize,
    /// The number of rows on all pages, if the response has it.
    total: Option<usize>,
}

fn rows(
    response: &RawResponse,
    call: &Call,
    source: &Source<'_>,
    each: Each<'_>,
) -> Result<Rows, Error> {
    let Source { keys, paged, .. } = source;
    let wrong = |problem: String| Error::Decode { call: call.clone(), problem };
    let members = response.read(call, json::members)?;
    let member =
        |name: &str| members.get(name).and_then(|it| json::parse(it.get().as_bytes()).ok());
    if let Some(errors) = member("errors").as_ref().and_then(api_error::reported) {
        return Err(Error::Reported { call: call.clone(), status: response.status, errors });
    }
    if !paged && members.is_empty() {
        return Ok(Rows { count: 0, total: Some(0) });
    }
    let Some((key, array)) = keys.iter().find_map(|key| members.get_key_value(*key)) else {
        return Err(wrong(format!("{} is missing", keys.join(" or "))));
    };
    let rows = json::elements(array).ok_or_else(|| wrong(format!("{key} is not a list")))?;
    for row in &rows {
        let json = json::parse(row.get().as_bytes()).map_err(wrong)?;
        redacted::learn(&json);
        each(Answer::new(json, call.clone()), row.get().len())?;
    }
    let total = match members.contains_key("page") {
        true => member("page").and_then(|page| page.get("total").and_then(id)),
        // Without `page`, the response is the complete list.
        false => Some(Id::from(0)),
    };
    let total = total.and_then(|total| usize::try_from(u64::from(total)).ok());
    Ok(Rows { count: rows.len(), total })
}

fn unusable(path: &str, problem: String) -> Error {
    let call = Call { method: "GET", path: path.to_owned() };
    Error::Decode { call, problem }
}

/// Enough for a million rows. A longer list is assumed to repeat itself.
const MAX_PAGES: usize = 1000;

/// The limit for the kept rows of one list: the length of their texts plus [`ROW_BYTES`] each.
/// 10,000 invites take 6 MiB.
const MAX_BYTES: usize = 8 << 20;

/// Memory for a row in addition to its text.
const ROW_BYTES: usize = 256;
