//! Lists, page by page.

use super::answer::{Answer, id};
use super::error::{Call, Error};
use super::id::Id;
use super::reply::Reply;
use super::request::{PAGE_BYTES, Request};
use super::session::Session;
use super::{json, problem, redacted};

/// A page that has been read.
pub(super) struct Page {
    pub(super) rows: usize,
    /// Pages of this size behind it, where the list says how long it is.
    pub(super) rest: Option<usize>,
}

/// What is done with a row and the length of its text.
pub(super) type Each<'a> = &'a mut (dyn FnMut(Answer, usize) -> Result<(), Error> + Send);

/// The pages of a list, one after the other.
pub struct Pages<'a, F> {
    session: &'a Session,
    path: &'a str,
    query: &'a [(&'a str, &'a str)],
    keys: &'a [&'a str],
    take: F,
    /// Rows before the next page.
    offset: usize,
    /// What the kept rows take so far.
    bytes: usize,
    read: usize,
    /// Pages behind those that were read, where the list says so.
    rest: Option<usize>,
}

impl<T: Send, F> Pages<'_, F>
where
    F: FnMut(Answer) -> Result<Option<T>, Error> + Send,
{
    /// What is kept of the next page; `None` behind the last one.
    ///
    /// A list with `page.total` ends there or with an empty page, one without a total at an empty
    /// page, and one without `page` is whole.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] also if no key is there, or no array under it, if the list does not end, or if
    /// more is kept than a memory should hold.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>, Error> {
        if self.rest == Some(0) {
            return Ok(None);
        }
        if self.read == MOST_PAGES {
            let problem = format!("the list does not end after {MOST_PAGES} pages");
            return Err(endless(self.path, problem));
        }
        let Self { session, path, query, keys, take, offset, bytes, .. } = self;
        let mut kept = Vec::new();
        let mut each = |row: Answer, length: usize| {
            let Some(row) = take(row)? else { return Ok(()) };
            kept.push(row);
            *bytes += length + ROW_BYTES;
            match *bytes > MOST_BYTES {
                true => Err(endless(path, "the list is too long to be kept in memory".to_owned())),
                false => Ok(()),
            }
        };
        let page = session.page(path, query, keys, *offset, false, &mut each).await?;
        self.offset += page.rows;
        self.read += 1;
        self.rest = page.rest;
        Ok(Some(kept))
    }

    /// The rows that were handed out are not kept by the caller.
    pub fn forget(&mut self) {
        self.bytes = 0;
    }
}

impl Session {
    /// The pages of a list, whose array is under the first of these keys that is there. `take` makes what
    /// is kept of each row.
    pub fn pages<'a, F>(
        &'a self,
        path: &'a str,
        query: &'a [(&'a str, &'a str)],
        keys: &'a [&'a str],
        take: F,
    ) -> Pages<'a, F> {
        let (offset, bytes, read, rest) = (0, 0, 0, None);
        Pages { session: self, path, query, keys, take, offset, bytes, read, rest }
    }

    /// All that is kept of all [`pages`](Self::pages).
    ///
    /// # Errors
    ///
    /// See [`Pages::next`].
    pub async fn list<T: Send>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        keys: &[&str],
        take: impl FnMut(Answer) -> Result<Option<T>, Error> + Send,
    ) -> Result<Vec<T>, Error> {
        let (mut pages, mut kept) = (self.pages(path, query, keys, take), Vec::new());
        while let Some(rows) = pages.next().await? {
            kept.extend(rows);
        }
        Ok(kept)
    }

    /// The same, unless it takes more pages than so many: then `None`, as soon as that shows.
    pub async fn list_within<T: Send>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        keys: &[&str],
        most: usize,
        take: impl FnMut(Answer) -> Result<Option<T>, Error> + Send,
    ) -> Result<Option<Vec<T>>, Error> {
        let (mut pages, mut kept) = (self.pages(path, query, keys, take), Vec::new());
        while pages.read < most {
            match pages.next().await? {
                Some(rows) => kept.extend(rows),
                None => return Ok(Some(kept)),
            }
            if pages.rest.is_some_and(|rest| rest > most - pages.read) {
                return Ok(None);
            }
        }
        Ok((pages.rest == Some(0)).then_some(kept))
    }

    /// Reads the page behind so many rows and hands its rows over one by one, so that no more than one
    /// is in memory as a tree. A `spare` one is not tried again.
    pub(super) async fn page(
        &self,
        path: &str,
        query: &[(&str, &str)],
        keys: &[&str],
        offset: usize,
        spare: bool,
        each: Each<'_>,
    ) -> Result<Page, Error> {
        let first = offset.to_string();
        let paged = [query, &[("limit", "1000"), ("offset", &first)]].concat();
        let request =
            Request { most_bytes: PAGE_BYTES, spare, ..Request::new("GET", path, &paged, None) };
        let reply = self.guarded(&request).await?;
        let rows = rows(&reply, &request.call, keys, each)?;
        let missing = rows.total.map(|total| total.saturating_sub(offset + rows.count));
        let rest =
            if rows.count == 0 { Some(0) } else { missing.map(|it| it.div_ceil(rows.count)) };
        Ok(Page { rows: rows.count, rest })
    }
}

/// The rows of one answer.
struct Rows {
    count: usize,
    /// How many there are on all pages, where the answer says so.
    total: Option<usize>,
}

fn rows(reply: &Reply, call: &Call, keys: &[&str], each: Each<'_>) -> Result<Rows, Error> {
    let wrong = |problem: String| Error::Decode { call: call.clone(), problem };
    let members = reply.read(call, json::members)?;
    let member =
        |name: &str| members.get(name).and_then(|it| json::parse(it.get().as_bytes()).ok());
    if let Some(problems) = member("errors").as_ref().and_then(problem::reported) {
        return Err(Error::Reported { call: call.clone(), status: reply.status, problems });
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
        // A list that has no pages is whole as it is.
        false => Some(Id::from(0)),
    };
    let total = total.and_then(|total| usize::try_from(u64::from(total)).ok());
    Ok(Rows { count: rows.len(), total })
}

fn endless(path: &str, problem: String) -> Error {
    let call = Call { method: "GET", path: path.to_owned() };
    Error::Decode { call, problem }
}

/// A list of a million rows; whatever is longer goes round in circles.
const MOST_PAGES: usize = 1000;

/// What the kept rows of one list may take together, counted by the length of their texts and
/// [`ROW_BYTES`] for each: 10,000 invites take 6 MiB.
const MOST_BYTES: usize = 8 << 20;

/// What a row takes beside its texts.
const ROW_BYTES: usize = 256;
