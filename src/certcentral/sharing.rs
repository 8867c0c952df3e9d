//! What a read may have from another one: the answer to the same question, and the rows of a list.
//!
//! Nothing of it outlives a write. A read that begins after one must see it, so a write ends all
//! sharing twice: as it begins, and as it ends.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::OnceCell;

use super::answer::Answer;
use super::walk::{List, Walk};

/// What the reads of a client share.
#[derive(Default)]
pub(super) struct Sharing {
    /// Single reads that are under way, by path.
    reads: Mutex<HashMap<String, Weak<OnceCell<Answer>>>>,
    /// Lists, by path.
    walks: Mutex<BTreeMap<&'static str, Arc<Walk>>>,
}

/// A write that is under way.
pub(super) struct Writing<'a> {
    sharing: &'a Sharing,
    path: &'a str,
}

impl Sharing {
    /// What the reads of this path that are under way at once will have in common.
    pub(super) fn read(&self, path: &str) -> Arc<OnceCell<Answer>> {
        let mut reads = locked(&self.reads);
        let under_way = reads.get(path).and_then(Weak::upgrade).filter(|it| !it.initialized());
        under_way.unwrap_or_else(|| {
            let read = Arc::default();
            reads.retain(|_, it| it.strong_count() > 0);
            reads.insert(path.to_owned(), Arc::downgrade(&read));
            read
        })
    }

    /// What has been read of this list.
    pub(super) fn walk(&self, list: &'static List) -> Arc<Walk> {
        let mut walks = locked(&self.walks);
        Arc::clone(walks.entry(list.path).or_insert_with(|| Arc::new(Walk::new(list))))
    }

    /// Begins a write.
    pub(super) fn writing<'a>(&'a self, path: &'a str) -> Writing<'a> {
        self.forget(path);
        Writing { sharing: self, path }
    }

    fn forget(&self, path: &str) {
        locked(&self.reads).clear();
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
