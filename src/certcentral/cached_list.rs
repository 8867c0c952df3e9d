//! The cached rows of one list.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::Instant;

use super::answer::Answer;
use super::error::{Call, Error};
use super::row_store::{Row, RowStore};

/// The name that reads look a row up by, and the fields of the row that are cached.
pub type NamedRow = (String, Map<String, Value>);

/// A list whose rows can replace reads of single objects.
pub struct List {
    /// Path of the list.
    pub path: &'static str,
    /// The query, apart from the page.
    pub query: &'static [(&'static str, &'static str)],
    /// Whether the list has pages. Some lists are documented without them; the response may be `{}` if they are
    /// empty.
    pub paged: bool,
    /// A write to one of these paths, or to a path below one, may change the list.
    pub changed_by: &'static [&'static str],
    /// Names that the array of rows may have in the response.
    pub keys: &'static [&'static str],
    /// The name of a row, and only the fields that reads need, so that a long list takes little memory.
    /// `None` if the row is malformed.
    pub row: fn(Value) -> Option<NamedRow>,
    /// Whether names are unique. If so, a name needs no further pages once its row is found.
    pub unique: bool,
    /// The number of reads that justifies fetching the first page. It is above 1 if a page takes longer
    /// than a single read.
    pub least: usize,
}

/// Rows from a cached list.
pub struct Listed {
    /// The rows of the requested names, with the fields that reads need.
    pub rows: Vec<Value>,
    /// Fields that at least one row of the list has.
    pub(super) carried: Arc<BTreeSet<String>>,
}

impl Listed {
    /// Whether the row gives the value of this field: the row has the field, or it lacks a field that
    /// another row of the list has.
    pub fn covers(&self, row: &Value, field: &str) -> bool {
        row.get(field).is_some() || self.carried.contains(field)
    }
}

/// The rows of the pages that were fetched since the last write.
#[derive(Default)]
pub(super) struct CachedList {
    pub(super) generation: usize,
    /// When the first page was requested.
    started: Option<Instant>,
    /// Rows by name.
    rows: HashMap<Arc<str>, Vec<Row>>,
    store: RowStore,
    /// The name of each row, in the order of the list.
    order: Vec<Arc<str>>,
    /// Fields that at least one row has.
    pub(super) carried: Arc<BTreeSet<String>>,
    size: Size,
    pub(super) received: usize,
    /// Pages left to fetch; unknown before the first page.
    rest: Option<usize>,
    /// Reads already answered, from the cache or not.
    pub(super) done: usize,
    /// When a page failed. For a minute after that, no page is requested, so that lists do not add load to
    /// a failing API.
    failed: Option<Instant>,
}

/// Bytes that this list adds to the total of all lists, until it is dropped.
#[derive(Default)]
struct Size {
    bytes: usize,
    total: Arc<AtomicUsize>,
}

impl CachedList {
    /// An empty cache. `total` counts the bytes of all lists.
    pub(super) fn new(total: Arc<AtomicUsize>) -> Self {
        Self { size: Size { bytes: 0, total }, ..Self::default() }
    }

    /// Drops the rows after a write, or if they are too old. A failure ends only with time: otherwise a
    /// series of writes would request a failing list after each write.
    pub(super) fn drop_stale(&mut self, generation: usize) {
        let is_old = |since: &Instant| since.elapsed() > MAX_AGE;
        if self.failed.as_ref().is_some_and(is_old) {
            self.failed = None;
        }
        if self.generation != generation || self.started.as_ref().is_some_and(is_old) {
            let failed = self.failed;
            *self = Self { generation, failed, ..Self::new(Arc::clone(&self.size.total)) };
        }
    }

    /// Whether all rows of these names are cached.
    pub(super) fn is_complete_for(&self, list: &List, names: &[String]) -> bool {
        let has_all = || names.iter().all(|name| self.rows.contains_key(name.as_str()));
        self.is_complete() || (list.unique && has_all())
    }

    /// Whether the rows of all pages are cached.
    pub(super) fn is_complete(&self) -> bool {
        self.rest == Some(0)
    }

    /// Whether a page failed less than a minute ago.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Whether the reads so far, with those that wait, justify fetching another page.
    pub(super) fn is_worth_a_page(&self, least: usize, waiting: usize) -> bool {
        !self.has_failed() && self.done + waiting >= self.rest.unwrap_or(least)
    }

    /// Records that the next page is requested. Returns its offset.
    pub(super) fn begin_page(&mut self) -> usize {
        self.started.get_or_insert_with(Instant::now);
        self.received
    }

    pub(super) fn add(&mut self, list: &List, row: Answer) -> Result<(), Error> {
        let (name, fields) =
            (list.row)(row.into_json()).ok_or_else(|| unusable(list, "a row has no name"))?;
        for field in fields.keys() {
            if !self.carried.contains(field) {
                Arc::make_mut(&mut self.carried).insert(field.clone());
            }
        }
        let row = self.store.store(fields);
        if !self.size.add(name.len() + row.values().len() + ROW_BYTES) {
            *self = Self { generation: self.generation, ..Self::new(Arc::clone(&self.size.total)) };
            return Err(unusable(list, "the list is too large to be cached"));
        }
        let name: Arc<str> = name.into();
        let is_new = !self.rows.contains_key(&name);
        if is_new || !list.unique {
            self.order.push(Arc::clone(&name));
        }
        let rows = self.rows.entry(name).or_default();
        if list.unique {
            // The row moved to a later page between two requests. The later copy is newer.
            rows.clear();
        }
        // Exactly: most names have one row.
        rows.reserve_exact(1);
        rows.push(row);
        Ok(())
    }

    /// Records that a page with this number of rows was received, and how many pages are left.
    pub(super) fn end_page(
        &mut self,
        list: &List,
        rows: usize,
        rest: Option<usize>,
    ) -> Result<(), Error> {
        self.received += rows;
        self.rest = Some(rest.ok_or_else(|| unusable(list, "page.total is missing"))?);
        Ok(())
    }

    /// Records that a page failed, so that no other one is requested for a minute.
    pub(super) fn fail(&mut self) {
        self.failed = Some(Instant::now());
    }

    pub(super) fn of<'a>(&'a self, names: &'a [String]) -> impl Iterator<Item = &'a Row> {
        names.iter().filter_map(|name| self.rows.get(name.as_str())).flatten()
    }

    /// The number of rows.
    pub(super) fn count(&self) -> usize {
        self.order.len()
    }

    /// The rows after the first ones, in the order of the list.
    pub(super) fn after(&self, first: usize) -> impl Iterator<Item = &Row> {
        let mut earlier: HashMap<&str, usize> = HashMap::new();
        self.order.iter().enumerate().filter_map(move |(at, name)| {
            // Several rows can have the same name.
            let nth = earlier.entry(name).or_default();
            let row = self.rows.get(name)?.get(*nth)?;
            *nth += 1;
            (at >= first).then_some(row)
        })
    }
}

impl Size {
    /// Adds bytes. Returns whether the total is within the limit.
    fn add(&mut self, bytes: usize) -> bool {
        self.bytes += bytes;
        self.total.fetch_add(bytes, SeqCst) + bytes <= MAX_BYTES
    }
}

impl Drop for Size {
    fn drop(&mut self) {
        self.total.fetch_sub(self.bytes, SeqCst);
    }
}

fn unusable(list: &List, problem: &str) -> Error {
    let call = Call { method: "GET", path: list.path.to_owned() };
    Error::Decode { call, problem: problem.to_owned() }
}

/// Rows expire, because a process that is configured once may serve many plans.
const MAX_AGE: Duration = Duration::from_secs(60);

/// The limit for all lists of a client together. 100,000 users take about 30 MiB.
const MAX_BYTES: usize = 64 << 20;

/// Memory for a row in addition to its name and text.
const ROW_BYTES: usize = 128;
