//! Caches of lists, shared by all reads of a client.
//!
//! A write that may change a list clears the list's cache when it begins and when it
//! ends, so that a read that begins after a write sees its effect.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::cached_list::{CachedList, List};

/// The caches of all lists of a client.
#[derive(Default)]
pub(super) struct ListCaches {
    /// Each cache, by the path of its list.
    caches: Mutex<BTreeMap<&'static str, Arc<ListCache>>>,
    /// Bytes of rows in all caches.
    bytes: Arc<AtomicUsize>,
}

/// The cache of one list.
pub(super) struct ListCache {
    pub(super) list: &'static List,
    /// The number of writes that have begun or ended.
    generation: AtomicUsize,
    /// Reads that wait for `rows`, and the one that holds it.
    pub(super) waiting: AtomicUsize,
    pub(super) rows: tokio::sync::Mutex<CachedList>,
}

/// A write in progress. Clears the caches of the lists it affects, now and when it is dropped.
pub(super) struct WriteGuard<'a> {
    caches: &'a ListCaches,
    path: &'a str,
}

/// Counts reads as waiting until it is dropped.
pub(super) struct Waiting<'a>(&'a AtomicUsize, usize);

impl ListCaches {
    /// The cache of this list.
    pub(super) fn of(&self, list: &'static List) -> Arc<ListCache> {
        let new = || Arc::new(ListCache::new(list, Arc::clone(&self.bytes)));
        Arc::clone(locked(&self.caches).entry(list.path).or_insert_with(new))
    }

    /// Begins a write to this path.
    pub(super) fn begin_write<'a>(&'a self, path: &'a str) -> WriteGuard<'a> {
        self.clear(path);
        WriteGuard { caches: self, path }
    }

    fn clear(&self, path: &str) {
        locked(&self.caches).values().for_each(|cache| cache.clear(path));
    }
}

impl Drop for WriteGuard<'_> {
    fn drop(&mut self) {
        self.caches.clear(self.path);
    }
}

impl ListCache {
    fn new(list: &'static List, bytes: Arc<AtomicUsize>) -> Self {
        let (generation, waiting) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let rows = tokio::sync::Mutex::new(CachedList::new(bytes));
        Self { list, generation, waiting, rows }
    }

    pub(super) fn generation(&self) -> usize {
        self.generation.load(SeqCst)
    }

    /// Makes the cached rows stale, if a write to this path may change the list.
    fn clear(&self, path: &str) {
        let is_at_or_below = |of: &&str| {
            let below = path.strip_prefix(*of);
            below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        };
        if self.list.changed_by.iter().any(is_at_or_below) {
            self.generation.fetch_add(1, SeqCst);
        }
    }
}

impl<'a> Waiting<'a> {
    pub(super) fn new(count: &'a AtomicUsize, reads: usize) -> Self {
        count.fetch_add(reads, SeqCst);
        Self(count, reads)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(self.1, SeqCst);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
