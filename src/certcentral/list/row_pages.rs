//! The rows of a list, page by page: from its cache, which reads share, as far as that goes.

use serde_json::Value;

use super::pages::{self, Bounds, Source};
use super::source;
use crate::certcentral::answer::Answer;
use crate::certcentral::cached_list::List;
use crate::certcentral::error::Error;
use crate::certcentral::row_store::Row;
use crate::certcentral::session::Session;

/// The pages of a list, fetched one after the other.
pub struct RowPages<'a> {
    session: &'a Session,
    list: &'static List,
    /// Filters, in addition to the query of the list. With any, the cache does not help.
    query: &'a [(&'a str, &'a str)],
    /// The state of the cache that the rows so far come from. `None` once the cache is left.
    generation: Option<usize>,
    /// Rows of the cache that were returned.
    seen: usize,
    /// Rows that were received.
    offset: usize,
    /// Pages left, if the list reports its total.
    rest: Option<usize>,
    /// Pages fetched without the cache, and the size of their rows.
    uncached: Bounds,
}

impl<'a> RowPages<'a> {
    pub(super) fn new(
        session: &'a Session,
        list: &'static List,
        query: &'a [(&'a str, &'a str)],
    ) -> Self {
        let generation = query.is_empty().then(|| session.list_caches().of(list).generation());
        Self {
            session,
            list,
            query,
            generation,
            seen: 0,
            offset: 0,
            rest: None,
            uncached: Bounds::default(),
        }
    }

    /// The rows of the next page, with the fields that reads need; `None` after the last page.
    ///
    /// If a page of the cache fails, or a write begins meanwhile, the walk goes on without the cache, with retries.
    ///
    /// # Errors
    ///
    /// See [`Pages::next`](super::Pages::next).
    pub async fn next(&mut self) -> Result<Option<Vec<Value>>, Error> {
        if self.rest == Some(0) {
            return Ok(None);
        }
        if let Some(generation) = self.generation {
            if let Some(rows) = self.cached(generation).await? {
                return Ok((!rows.is_empty()).then_some(rows));
            }
            self.generation = None;
        }
        self.fetch().await.map(Some)
    }

    /// The rows of the cache that were not returned yet; empty at the end. `None` if the cache is of no use.
    async fn cached(&mut self, generation: usize) -> Result<Option<Vec<Value>>, Error> {
        let cache = self.session.list_caches().of(self.list);
        // The lock is released before retries, so that other reads do not wait for them.
        let mut rows = self.session.unless_stopped(cache.rows.lock()).await?;
        rows.drop_stale(cache.generation());
        if rows.generation != generation || rows.has_failed() || rows.count() < self.seen {
            return Ok(None);
        }
        let is_at_end = |seen| rows.count() == seen;
        if is_at_end(self.seen)
            && !rows.is_complete()
            && !self.session.fetch_page(&cache, &mut rows).await
        {
            return Ok(None);
        }
        let found: Vec<_> = rows.after(self.seen).filter_map(Row::parse).collect();
        self.seen = rows.count();
        self.offset = rows.received;
        Ok(Some(found))
    }

    /// Stops counting the rows returned so far towards the memory limit, because the caller dropped them.
    pub fn release(&mut self) {
        self.uncached.release();
    }

    async fn fetch(&mut self) -> Result<Vec<Value>, Error> {
        let Source { path, query, keys, paged } = source(self.list);
        let query = [query, self.query].concat();
        let mut found = Vec::new();
        self.uncached.add_page(path)?;
        let mut add = |row: Answer, length: usize| {
            self.uncached.add_row(path, length)?;
            match (self.list.row)(row.json().clone()) {
                Some((_, fields)) => {
                    found.push(Value::Object(fields));
                    Ok(())
                }
                None => Err(row.wrong("a row has no name")),
            }
        };
        let source = Source { path, query: &query, keys, paged };
        let page = pages::fetch(self.session, source, self.offset, false, &mut add).await?;
        self.offset += page.rows;
        // A list that does not report its total ends with an empty page.
        self.rest = page.rest.or_else(|| (page.rows == 0).then_some(0));
        Ok(found)
    }
}
