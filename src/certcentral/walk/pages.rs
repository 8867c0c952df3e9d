//! What has been read of a shared list.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::List;
use crate::certcentral::answer::Answer;
use crate::certcentral::error::{Call, Error};

/// The pages of one generation.
#[derive(Default)]
pub(super) struct Pages {
    pub(super) generation: usize,
    /// When the first page was asked for.
    begun: Option<Instant>,
    /// Rows by name, as the text of their JSON: as trees, a long list would fill the memory.
    rows: HashMap<Box<str>, Vec<Box<str>>>,
    /// Fields that some row has had.
    pub(super) carried: BTreeSet<String>,
    /// What the rows take of what all lists may hold.
    held: Held,
    pub(super) received: usize,
    /// Pages that are left; none is known before the first one is read.
    rest: Option<usize>,
    /// Reads that have had what there was, or were sent away.
    pub(super) done: usize,
    /// Since when it is not tried again: whatever is wrong, the pages of a list must not add to it.
    failed: Option<Instant>,
}

/// Bytes counted in what all lists hold, for as long as this lives.
#[derive(Default)]
struct Held {
    bytes: usize,
    all: Arc<AtomicUsize>,
}

impl Pages {
    /// None yet. `all` counts the bytes that all lists hold.
    pub(super) fn new(all: Arc<AtomicUsize>) -> Self {
        Self { held: Held { bytes: 0, all }, ..Self::default() }
    }

    /// Begins anew where something was written or the pages are old. Only time ends a failure: writes
    /// come one after the other, and each would have the list tried again.
    pub(super) fn renew(&mut self, generation: usize) {
        let is_old = |since: &Instant| since.elapsed() > LONGEST_KEPT;
        if self.failed.as_ref().is_some_and(is_old) {
            self.failed = None;
        }
        if self.generation != generation || self.begun.as_ref().is_some_and(is_old) {
            let failed = self.failed;
            *self = Self { generation, failed, ..Self::new(Arc::clone(&self.held.all)) };
        }
    }

    /// Whether all rows of these names have been read.
    pub(super) fn suffice(&self, list: &List, names: &[String]) -> bool {
        let has_all = || names.iter().all(|name| self.rows.contains_key(name.as_str()));
        self.rest == Some(0) || (list.unique && has_all())
    }

    /// Whether another page is worth it for those that wait and those that came before.
    pub(super) fn pay(&self, least: usize, waiting: usize) -> bool {
        self.failed.is_none() && self.done + waiting >= self.rest.unwrap_or(least)
    }

    /// Takes down that the next page is asked for; the rows before it.
    pub(super) fn begin(&mut self) -> usize {
        self.begun.get_or_insert_with(Instant::now);
        self.received
    }

    pub(super) fn add(&mut self, list: &List, row: Answer) -> Result<(), Error> {
        let (name, fields) =
            (list.row)(row.into_json()).ok_or_else(|| wrong(list, "a row has no name"))?;
        for field in fields.keys() {
            if !self.carried.contains(field) {
                self.carried.insert(field.clone());
            }
        }
        let text = Value::Object(fields).to_string();
        if !self.held.add(name.len() + text.len() + ROW_BYTES) {
            *self = Self { generation: self.generation, ..Self::new(Arc::clone(&self.held.all)) };
            return Err(wrong(list, "it is too long to be kept in memory"));
        }
        let rows = self.rows.entry(name.into()).or_default();
        if list.unique {
            // It moved to a later page meanwhile, and is newer there.
            rows.clear();
        }
        rows.push(text.into());
        Ok(())
    }

    /// Takes down that a page of so many rows has ended, and how many pages are left.
    pub(super) fn end(
        &mut self,
        list: &List,
        rows: usize,
        rest: Option<usize>,
    ) -> Result<(), Error> {
        self.received += rows;
        self.rest = Some(rest.ok_or_else(|| wrong(list, "page.total is missing"))?);
        Ok(())
    }

    /// Reads no more pages for a while.
    pub(super) fn fail(&mut self) {
        self.failed = Some(Instant::now());
    }

    pub(super) fn of<'a>(&'a self, names: &'a [String]) -> impl Iterator<Item = &'a str> {
        let rows = names.iter().filter_map(|name| self.rows.get(name.as_str()));
        rows.flatten().map(|row| &**row)
    }
}

impl Held {
    /// Counts more bytes; whether they are still few enough.
    fn add(&mut self, bytes: usize) -> bool {
        self.bytes += bytes;
        self.all.fetch_add(bytes, SeqCst) + bytes <= MOST_BYTES
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.fetch_sub(self.bytes, SeqCst);
    }
}

fn wrong(list: &List, problem: &str) -> Error {
    let call = Call { method: "GET", path: list.path.to_owned() };
    Error::Decode { call, problem: problem.to_owned() }
}

/// A process that is configured once may serve many plans.
const LONGEST_KEPT: Duration = Duration::from_secs(60);

/// What the lists of a client may hold together: 100,000 users take 45 MiB.
const MOST_BYTES: usize = 64 << 20;

/// What a row takes beside its text and its name.
const ROW_BYTES: usize = 128;
