//! Lists: complete, page by page, or cached.
//!
//! # Cached lists
//!
//! Reading a thousand objects takes a thousand requests, or the few pages of their list. Reading one
//! object takes one request, or all pages of a long list. Terraform does not announce how many objects
//! it will read. The first page is fetched once [`List::least`] reads have arrived. Another page is
//! fetched if at least as many reads have arrived as pages are left. Until then, each read is one
//! request. In total this takes at most twice the requests of the cheaper way.
//!
//! Cached rows expire after a minute, and a write that may change the list drops them. Reconfiguring
//! the provider creates another client, with empty caches.
//!
//! A cached list only saves requests. Its pages are not retried, and after a failure each object is read
//! by a request of its own.

mod pages;
mod row_pages;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use serde_json::Value;

use super::answer::Answer;
use super::cached_list::{CachedList, List, Listed};
use super::error::Error;
use super::list_cache::{ListCache, Waiting};
use super::row_store::Row;
use super::session::Session;
pub use pages::Pages;
use pages::Source;
pub use row_pages::RowPages;

impl Session {
    /// The pages of a list. The array of rows is under the first of `keys` that the response has. `take`
    /// selects what is kept of each row.
    pub fn pages<'a, T: Send, F>(
        &'a self,
        path: &'a str,
        query: &'a [(&'a str, &'a str)],
        keys: &'a [&'a str],
        take: F,
    ) -> Pages<'a, F>
    where
        F: FnMut(Answer) -> Result<Option<T>, Error> + Send,
    {
        Pages::new(self, Source { path, query, keys, paged: true }, take)
    }

    /// The kept rows of all [`pages`](Self::pages).
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
        collect(self.pages(path, query, keys, take)).await
    }

    /// The kept rows of a list that is documented without pages. If the response has a `page` all the same, the
    /// other pages are requested, too.
    ///
    /// # Errors
    ///
    /// See [`Pages::next`].
    pub async fn list_unpaged<T: Send>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        keys: &[&str],
        take: impl FnMut(Answer) -> Result<Option<T>, Error> + Send,
    ) -> Result<Vec<T>, Error> {
        collect(Pages::new(self, Source { path, query, keys, paged: false }, take)).await
    }

    /// The kept rows of a list with at most `max_pages` pages; `None` as soon as the list is known to have
    /// more.
    ///
    /// # Errors
    ///
    /// See [`Pages::next`].
    pub async fn list_within<T: Send>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        keys: &[&str],
        max_pages: usize,
        take: impl FnMut(Answer) -> Result<Option<T>, Error> + Send,
    ) -> Result<Option<Vec<T>>, Error> {
        let (mut pages, mut kept) = (self.pages(path, query, keys, take), Vec::new());
        while pages.fetched < max_pages {
            match pages.next().await? {
                Some(rows) => kept.extend(rows),
                None => return Ok(Some(kept)),
            }
            if pages.rest.is_some_and(|rest| rest > max_pages - pages.fetched) {
                return Ok(None);
            }
        }
        Ok((pages.rest == Some(0)).then_some(kept))
    }

    /// The rows of these names from a cached list. `None` if the objects should be read one by one, because
    /// that takes fewer requests or because the list failed.
    ///
    /// A name without a row may still exist, because rows can move between pages while a list is read.
    /// Errors of the list are not returned: if the API fails, reading the object reports it.
    pub async fn listed(&self, list: &'static List, names: &[String]) -> Option<Listed> {
        let cache = self.list_caches().of(list);
        let waiting = Waiting::new(&cache.waiting, names.len());
        let mut rows = self.unless_stopped(cache.rows.lock()).await.ok()?;
        rows.drop_stale(cache.generation());
        let found = self.fetch_more(&cache, &mut rows, names).await;
        // Update both counters before the lock is released.
        drop(waiting);
        rows.done += names.len();
        found.then(|| Listed {
            rows: rows.of(names).filter_map(Row::parse).collect(),
            carried: Arc::clone(&rows.carried),
        })
    }

    /// The rows of a cached list that meet a condition, of those that contain a text. `None` if a search by a
    /// request takes fewer requests, or the list failed.
    pub async fn listed_where(
        &self,
        list: &'static List,
        text: &str,
        is_wanted: impl Fn(&Value) -> bool + Send,
    ) -> Option<Vec<Value>> {
        let cache = self.list_caches().of(list);
        let waiting = Waiting::new(&cache.waiting, 1);
        let mut rows = self.unless_stopped(cache.rows.lock()).await.ok()?;
        rows.drop_stale(cache.generation());
        while !rows.is_complete() {
            if !rows.is_worth_a_page(list.least, cache.waiting.load(SeqCst))
                || !self.fetch_page(&cache, &mut rows).await
            {
                rows.done += 1;
                return None;
            }
        }
        drop(waiting);
        rows.done += 1;
        // Parsing every row for every search would take longer than the requests.
        let text = text.to_lowercase();
        let may_be = |row: &&Row| row.values().to_lowercase().contains(&text);
        let found = rows.after(0).filter(may_be).filter_map(Row::parse);
        Some(found.filter(|row| is_wanted(row)).collect())
    }

    /// The rows of a list, page by page, with the fields that reads need. Without a further `query`, reads and
    /// other walks share the pages.
    pub fn row_pages<'a>(
        &'a self,
        list: &'static List,
        query: &'a [(&'a str, &'a str)],
    ) -> RowPages<'a> {
        RowPages::new(self, list, query)
    }

    /// All rows of a list: those of [`row_pages`](Self::row_pages).
    ///
    /// # Errors
    ///
    /// See [`Pages::next`]. [`Error::Decode`] also if the rows would take too much memory.
    pub async fn listed_all(&self, list: &'static List) -> Result<Vec<Value>, Error> {
        let (mut pages, mut all) = (self.row_pages(list, &[]), Vec::new());
        while let Some(rows) = pages.next().await? {
            all.extend(rows);
        }
        Ok(all)
    }

    /// Fetches pages while that saves requests. Returns whether all rows of `names` are cached.
    async fn fetch_more(&self, cache: &ListCache, rows: &mut CachedList, names: &[String]) -> bool {
        loop {
            if rows.is_complete_for(cache.list, names) {
                return true;
            }
            if !rows.is_worth_a_page(cache.list.least, cache.waiting.load(SeqCst))
                || !self.fetch_page(cache, rows).await
            {
                return false;
            }
        }
    }

    /// Fetches the next page, without retries. Returns whether its rows are cached.
    async fn fetch_page(&self, cache: &ListCache, rows: &mut CachedList) -> bool {
        let offset = rows.begin_page();
        let mut add = |row: Answer, _| rows.add(cache.list, row);
        let source = source(cache.list);
        let page = pages::fetch(self, source, offset, true, &mut add).await;
        if rows.generation != cache.generation() {
            // A write began while the page was fetched.
            rows.drop_stale(cache.generation());
            return false;
        }
        match page.and_then(|page| rows.end_page(cache.list, page.rows, page.rest)) {
            Ok(()) => true,
            Err(Error::Stopped { .. }) => false,
            Err(error) => {
                log::info!("{error}; this list is read in another way for a minute");
                rows.fail();
                false
            }
        }
    }
}

fn source(list: &'static List) -> Source<'static> {
    let List { path, query, paged, keys, .. } = *list;
    Source { path, query, keys, paged }
}

async fn collect<T: Send, F>(mut pages: Pages<'_, F>) -> Result<Vec<T>, Error>
where
    F: FnMut(Answer) -> Result<Option<T>, Error> + Send,
{
    let mut kept = Vec::new();
    while let Some(rows) = pages.next().await? {
        kept.extend(rows);
    }
    Ok(kept)
}
