//! Lists that many reads share.
//!
//! Read a thousand objects takes a thousand calls, or the few pages of their list; reading one of
//! a long list takes one call, or many pages. Nobody says how many reads will come, so it is decided
//! as they do: a list is looked at once [`List::least`] have come, and read on where no fewer
//! have come than it has pages left. Until then each is made by itself, and so all together
//! never take more than twice the requests of the cheaper way, known only afterwards.
//!
//! What was read is good until this process begins its next write to the list's path or below it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use serde_json::Value;
use tokio::sync::Mutex;

use super::answer::Answer;
use super::error::{Call, Error};
use super::list::Page;
use super::session::Session;

/// A list whose rows can stand in for single reads.
pub struct List {
    /// Its path, which is also where its objects are made.
    pub path: &'static str,
    /// Keys its array may have.
    pub keys: &'static [&'static str],
    /// The name that its reads know a row by; `None` where the row makes no sense.
    pub name: fn(&Value) -> Option<String>,
    /// Whether no two rows have the same name, so that a row that was found is all there is.
    pub unique: bool,
    /// With how many reads its first page is looked at. Where a single read is lighter than a page, a
    /// lone one is better made by itself.
    pub least: usize,
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

/// The pages of one generation.
#[derive(Default)]
struct Pages {
    generation: usize,
    /// Rows by name, as the text of their JSON: a long list would fill the memory otherwise.
    rows: HashMap<String, Vec<Box<str>>>,
    received: usize,
    /// Pages that are left; none is known before the first one is read.
    rest: Option<usize>,
    /// Reads that have had what there was, or were sent away.
    done: usize,
    /// Not tried again: whatever is wrong, the pages of a list must not add to it.
    failed: bool,
}

/// Reads that count as waiting for as long as this lives.
struct Waiting<'a>(&'a AtomicUsize, usize);

impl Session {
    /// The rows of these names from a list that is shared by all reads of the process, where reading it
    /// is the cheaper way; `None` where they should be asked for one by one.
    ///
    /// A name without a row may still have one: rows move between pages while a list is read.
    /// No error of the list is one of the read: the single call has its own.
    pub async fn listed(&self, list: &'static List, names: &[String]) -> Option<Vec<Answer>> {
        let walk = self.sharing().walk(list);
        let waiting = Waiting::new(&walk.waiting, names.len());
        let mut pages = self.unless_stopped(walk.pages.lock()).await.ok()?;
        pages.renew(walk.generation());
        let found = self.walk_on(&walk, &mut pages, names).await;
        // Both before the next one has its look at them.
        drop(waiting);
        pages.done += names.len();
        let call = Call { method: "GET", path: list.path.to_owned() };
        let answer = |row: &str| Some(Answer::new(serde_json::from_str(row).ok()?, call.clone()));
        found.then(|| pages.of(names).filter_map(answer).collect())
    }

    /// Reads on as far as these names take it and as it pays; whether it is far enough.
    async fn walk_on(&self, walk: &Walk, pages: &mut Pages, names: &[String]) -> bool {
        let list = walk.list;
        loop {
            if pages.suffice(list, names) {
                return true;
            }
            if !pages.pay(list.least, walk.waiting.load(SeqCst)) {
                return false;
            }
            let page = self.page(list.path, &[], list.keys, pages.received).await;
            if pages.generation != walk.generation() {
                pages.renew(walk.generation());
                return false;
            }
            match page.and_then(|page| pages.add(list, page)) {
                Ok(()) => {}
                Err(Error::Stopped { .. }) => return false,
                Err(error) => {
                    tracing::info!("{error}; what this list has is read one by one from now on");
                    pages.failed = true;
                    return false;
                }
            }
        }
    }
}

impl Walk {
    pub(super) fn new(list: &'static List) -> Self {
        let (generation, waiting) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { list, generation, waiting, pages: Mutex::default() }
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

impl Pages {
    /// Begins anew where something was written.
    fn renew(&mut self, generation: usize) {
        if self.generation != generation {
            *self = Self { generation, failed: self.failed, ..Self::default() };
        }
    }

    /// Whether all rows of these names have been read.
    fn suffice(&self, list: &List, names: &[String]) -> bool {
        let has_all = || names.iter().all(|name| self.rows.contains_key(name));
        self.rest == Some(0) || (list.unique && has_all())
    }

    /// Whether another page is worth it for those that wait and those that came before.
    fn pay(&self, least: usize, waiting: usize) -> bool {
        !self.failed && self.done + waiting >= self.rest.unwrap_or(least)
    }

    fn add(&mut self, list: &List, page: Page) -> Result<(), Error> {
        let problem = |problem: &str| Error::Decode {
            call: Call { method: "GET", path: list.path.to_owned() },
            problem: problem.to_owned(),
        };
        self.received += page.rows.len();
        for row in page.rows {
            let name = (list.name)(row.json()).ok_or_else(|| problem("a row has no name"))?;
            let rows = self.rows.entry(name).or_default();
            if list.unique {
                // It moved to a later page meanwhile, and is newer there.
                rows.clear();
            }
            rows.push(row.json().to_string().into());
        }
        self.rest = Some(page.rest.ok_or_else(|| problem("page.total is missing"))?);
        Ok(())
    }

    fn of<'a>(&'a self, names: &'a [String]) -> impl Iterator<Item = &'a str> {
        names.iter().filter_map(|name| self.rows.get(name)).flatten().map(|row| &**row)
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

#[cfg(test)]
mod tests {
    use super::*;

    static LIST: List = List {
        path: "user",
        keys: &["users"],
        name: |row| Some(row.as_u64()?.to_string()),
        unique: true,
        least: 2,
    };

    /// A list of numbers from zero, and the requests that reads of it take.
    struct Account {
        size: usize,
        page: usize,
    }

    impl Account {
        fn pages(&self) -> usize {
            self.size.div_ceil(self.page).max(1)
        }

        fn page(&self, offset: usize) -> Page {
            let call = Call { method: "GET", path: LIST.path.into() };
            let end = self.size.min(offset + self.page);
            let rows = (offset..end).map(|row| Answer::new(row.into(), call.clone())).collect();
            Page { rows, rest: Some((self.size - end).div_ceil(self.page)) }
        }

        /// Requests of reads that come so many at once, each as soon as one is done.
        fn requests(&self, list: &List, reads: &[usize], at_once: usize) -> usize {
            let (mut pages, mut requests) = (Pages::default(), 0);
            for (done, read) in reads.iter().enumerate() {
                let waiting = at_once.min(reads.len() - done);
                let name = [read.to_string()];
                while !pages.suffice(list, &name) && pages.pay(list.least, waiting) {
                    assert!(pages.add(list, self.page(pages.received)).is_ok());
                    requests += 1;
                }
                let found = pages.suffice(list, &name) && pages.of(&name).next().is_some();
                requests += usize::from(!found);
                pages.done += 1;
            }
            requests
        }
    }

    /// So many of a list of that size, from its beginning, from its end, and from all over it.
    fn choices(size: usize, reads: usize) -> [Vec<usize>; 3] {
        let strewn = (0..reads).map(|read| (read * 7919 + size / 2) % size.max(1)).collect();
        [(0..reads).collect(), (size - reads..size).rev().collect(), strewn]
    }

    #[test]
    fn reads_never_take_more_than_twice_the_cheaper_way() {
        let eager = List { least: 1, ..LIST };
        for (size, page) in (1..=30).flat_map(|size| [1, 2, 5, 7, 40].map(|page| (size, page))) {
            let account = Account { size, page };
            for reads in 1..=size {
                let cheaper = reads.min(account.pages());
                for (at_once, choice) in
                    [1, 4, 10].into_iter().flat_map(|n| choices(size, reads).map(|it| (n, it)))
                {
                    for list in [&LIST, &eager] {
                        let requests = account.requests(list, &choice, at_once);
                        assert!(
                            requests <= 2 * cheaper,
                            "{requests} requests for {choice:?} of {size} by {page}, {at_once} at once"
                        );
                    }
                }
                // Who is not in the list costs a call of its own either way.
                let gone: Vec<_> = (size..size + reads).collect();
                assert!(account.requests(&LIST, &gone, 10) <= 2 * reads + 1);
            }
        }
    }

    #[test]
    fn a_lone_read_is_made_by_itself_and_many_take_the_pages() {
        for (size, page, reads, at_once, most) in [
            (1, 1000, 1, 10, 1),
            (100_000, 1000, 1, 10, 1),
            (100_000, 1000, 50, 10, 51),
            (1001, 1000, 1000, 10, 2),
            (1001, 1000, 1000, 1, 3),
            (1001, 100, 1000, 10, 11),
            (1001, 100, 1000, 1, 20),
        ] {
            let account = Account { size, page };
            for choice in choices(size, reads) {
                let requests = account.requests(&LIST, &choice, at_once);
                assert!(requests <= most, "{requests} requests for {reads} of {size} by {page}");
            }
        }
    }
}
