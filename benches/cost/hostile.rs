//! Memory of a process whose every request is answered to fill it.

#[path = "../../tests/it/hostile/answers.rs"]
mod answers;
#[allow(dead_code, reason = "shared with the tests")]
#[path = "../../tests/it/hostile/attack.rs"]
mod attack;
#[path = "../../tests/it/hostile/server.rs"]
mod server;

use crate::report::{Table, budget, mebibytes};
use crate::{Effort, block_on};

/// What the provider may use, in MiB.
const MOST: f64 = 200.0;

pub(crate) fn tables(effort: Effort) -> Vec<Table> {
    let mut table = Table::new(
        "Hostile answers (to each of some 30 reads, imports and creates, ten at a time, with TF_LOG=TRACE)",
        &["every answer has", "most memory", "budget"],
    );
    for case in answers::CASES.iter().filter(|case| case.quick || !effort.quick) {
        let peak = mebibytes(block_on(attack::attack(case)));
        table.row([case.name.to_owned(), format!("{peak:.0} MiB"), budget(peak, MOST, "MiB")]);
    }
    vec![table]
}
