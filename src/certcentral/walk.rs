//! Lists that many reads share.
//!
//! Reading a thousand objects takes a thousand calls, or the few pages of their list; reading one of
//! a long list takes one call, or many pages. Nobody says how many reads will come, so it is decided
//! as they do: a list is looked at once [`List::least`] have come, and read on where no fewer
//! have come than it has pages left. Until then each is made by itself, and so all together
//! never take more than twice the requests of the cheaper way, known only afterwards.
//!
//! What was read is good for a minute, until this process begins its next write to the list's path or
//! below it, or until the provider is configured anew, which makes another client.
//!
//! The list only saves requests: a page is tried once, and after a failure each read is made by itself.

mod pages;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::answer::Answer;
use super::error::Error;
use super::session::Session;
use pages::Pages;

/// A list whose rows can stand in for single reads.
pub struct List {
    /// Its path, which is also where its objects are made.
    pub path: &'static str,
    /// Keys its array may have.
    pub keys: &'static [&'static str],
    /// The name that its reads know a row by, and the fields they need of it, so that a long list stays
    /// small; `None` where the row makes no sense.
    pub row: fn(Value) -> Option<Row>,
    /// Whether no two rows have the same name, so that a row that was found is all there is.
    pub unique: bool,
    /// With how many reads its first page is looked at. Where a single read is lighter than a page, a
    /// lone one is better made by itself.
    pub least: usize,
}

/// The name of a row, and fields of it.
pub type Row = (String, Map<String, Value>);

/// Rows of a shared list.
pub struct Listed {
    /// The rows that were asked for, with the fields that reads need.
    pub rows: Vec<Value>,
    carried: BTreeSet<String>,
}

/// What a client has read of a list, and who waits for it.
pub(super) struct Walk {
    list: &'static List,
    /// Grows with every write.
    generation: AtomicUsize,
    /// Reads that wait for `pages`, and the one that has it.
    waiting: AtomicUsize,
    pages: Mutex<Pages>,
}

/// Reads that count as waiting for as long as this lives.
struct Waiting<'a>(&'a AtomicUsize, usize);

impl Session {
    /// The rows of these names from a list that is shared by all reads of the client, where reading it
    /// is the cheaper way; `None` where they should be asked for one by one.
    ///
    /// A name without a row may still have one: rows move between pages while a list is read.
    /// No error of the list is one of the read: the single call has its own.
    pub async fn listed(&self, list: &'static List, names: &[String]) -> Option<Listed> {
        let walk = self.sharing().walk(list);
        let waiting = Waiting::new(&walk.waiting, names.len());
        let mut pages = self.unless_stopped(walk.pages.lock()).await.ok()?;
        pages.renew(walk.generation());
        let found = self.walk_on(&walk, &mut pages, names).await;
        // Both before the next one has its look at them.
        drop(waiting);
        pages.done += names.len();
        let parse = |row: &str| serde_json::from_str(row).ok();
        found.then(|| Listed {
            rows: pages.of(names).filter_map(parse).collect(),
            carried: pages.carried.clone(),
        })
    }

    /// Reads on as far as these names take it and as it pays; whether it is far enough.
    async fn walk_on(&self, walk: &Walk, pages: &mut Pages, names: &[String]) -> bool {
        let List { path, keys, least, .. } = *walk.list;
        loop {
            if pages.suffice(walk.list, names) {
                return true;
            }
            if !pages.pay(least, walk.waiting.load(SeqCst)) {
                return false;
            }
            let offset = pages.begin();
            let mut add = |row: Answer, _| pages.add(walk.list, row);
            let page = self.page(path, &[], keys, offset, true, &mut add).await;
            if pages.generation != walk.generation() {
                pages.renew(walk.generation());
                return false;
            }
            match page.and_then(|page| pages.end(walk.list, page.rows, page.rest)) {
                Ok(()) => {}
                Err(Error::Stopped { .. }) => return false,
                Err(error) => {
                    tracing::info!("{error}; what this list has is read one by one from now on");
                    pages.fail();
                    return false;
                }
            }
        }
    }
}

impl Listed {
    /// Whether a row tells of this field: it has it, or it lacks what another row of the list has had.
    pub fn tells_of(&self, row: &Value, field: &str) -> bool {
        row.get(field).is_some() || self.carried.contains(field)
    }
}

impl Walk {
    /// `held` counts the bytes that all lists of the client hold.
    pub(super) fn new(list: &'static List, held: Arc<AtomicUsize>) -> Self {
        let (generation, waiting) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { list, generation, waiting, pages: Mutex::new(Pages::new(held)) }
    }

    fn generation(&self) -> usize {
        self.generation.load(SeqCst)
    }

    /// Lets go of what was read, if what is written to this path may be in the list.
    pub(super) fn forget(&self, path: &str) {
        let below = path.strip_prefix(self.list.path);
        if below.is_some_and(|below| below.is_empty() || below.starts_with('/')) {
            self.generation.fetch_add(1, SeqCst);
        }
    }
}

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize, reads: usize) -> Self {
        count.fetch_add(reads, SeqCst);
        Self(count, reads)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(self.1, SeqCst);
    }
}
