//! The lists that the reads of a client share.
//!
//! Nothing of a list outlives a write. A read that begins after one must see it, so a write ends
//! the sharing twice: as it begins, and as it ends.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::walk::{List, Walk};

/// What the reads of a client share.
#[derive(Default)]
pub(super) struct Sharing {
    /// Lists, by path.
    walks: Mutex<BTreeMap<&'static str, Arc<Walk>>>,
    /// Bytes of rows that all of them hold.
    held: Arc<AtomicUsize>,
}

/// A write that is under way.
pub(super) struct Writing<'a> {
    sharing: &'a Sharing,
    path: &'a str,
}

impl Sharing {
    /// What has been read of this list.
    pub(super) fn walk(&self, list: &'static List) -> Arc<Walk> {
        let new = || Arc::new(Walk::new(list, Arc::clone(&self.held)));
        let mut walks = locked(&self.walks);
        Arc::clone(walks.entry(list.path).or_insert_with(new))
    }

    /// Begins a write.
    pub(super) fn writing<'a>(&'a self, path: &'a str) -> Writing<'a> {
        self.forget(path);
        Writing { sharing: self, path }
    }

    fn forget(&self, path: &str) {
        locked(&self.walks).values().for_each(|walk| walk.forget(path));
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.sharing.forget(self.path);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
