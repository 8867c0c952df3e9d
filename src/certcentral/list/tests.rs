//! The number of requests, by the number of objects, pages and reads.

use serde_json::{Map, json};

use super::*;
use crate::certcentral::Call;
use crate::certcentral::cached_list::*;

static LIST: List = List {
    path: "user",
    query: &[],
    paged: true,
    changed_by: &["user"],
    keys: &["users"],
    row: |row| Some((row.get("id")?.to_string(), Map::new())),
    unique: true,
    least: 2,
};

/// A list with the IDs from zero to `size`.
struct Account {
    size: usize,
    page: usize,
}

impl Account {
    fn pages(&self) -> usize {
        self.size.div_ceil(self.page).max(1)
    }

    fn read_page(&self, list: &List, rows: &mut CachedList) {
        let call = Call { method: "GET", path: list.path.into() };
        let offset = rows.begin_page();
        let end = self.size.min(offset + self.page);
        for row in offset..end {
            assert!(rows.add(list, Answer::new(json!({ "id": row }), call.clone())).is_ok());
        }
        let rest = (self.size - end).div_ceil(self.page);
        assert!(rows.end_page(list, end - offset, Some(rest)).is_ok());
    }

    /// The number of requests for these reads, of which `at_once` are waiting at any time.
    fn requests(&self, list: &List, reads: &[usize], at_once: usize) -> usize {
        let (mut rows, mut requests) = (CachedList::default(), 0);
        for (done, read) in reads.iter().enumerate() {
            let waiting = at_once.min(reads.len() - done);
            let name = [read.to_string()];
            while !rows.is_complete_for(list, &name) && rows.is_worth_a_page(list.least, waiting) {
                self.read_page(list, &mut rows);
                requests += 1;
            }
            let found = rows.is_complete_for(list, &name) && rows.of(&name).next().is_some();
            requests += usize::from(!found);
            rows.done += 1;
        }
        requests
    }
}

/// IDs from the beginning of a list, from its end, and spread over it.
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
            // An object that is not in the list takes a request of its own either way.
            let gone: Vec<_> = (size..size + reads).collect();
            assert!(account.requests(&LIST, &gone, 10) <= 2 * reads + 1);
        }
    }
}

#[test]
fn a_single_read_takes_one_request_and_many_reads_take_the_pages() {
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
