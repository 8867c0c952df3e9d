//! Time and memory of one process by the number of objects.

use std::time::Instant;

use crate::host::{Host, plan_all};
use crate::objects::{self, Make};
use crate::report::{Table, budget, mebibytes, microseconds};
use crate::{Effort, block_on};

pub(crate) fn tables(effort: Effort) -> Vec<Table> {
    let counts: &[u32] = if effort.quick { &[100, 1_000] } else { &[100, 1_000, 10_000] };
    let mut table = Table::new(
        "Growth (one process validates, upgrades, reads and plans each object once, ten concurrently)",
        &[
            "",
            "CPU time per object (µs)",
            "wall time per object (µs)",
            "resident at the end",
            "peak",
            "budget",
        ],
    );
    let kinds: [(&str, Make); 2] =
        [("users", objects::user), ("managed subaccounts", objects::subaccount)];
    for (kind, make) in kinds {
        for count in counts {
            table.row(block_on(row(kind, *count, make)));
        }
    }
    vec![table]
}

async fn row(kind: &str, count: u32, make: Make) -> Vec<String> {
    let sim = objects::simulator();
    let objects: Vec<_> = (0..count as usize).map(|number| make(&sim, number)).collect();
    let host = Host::start(&sim).await;
    let (before, begin) = (host.processor_time(), Instant::now());
    plan_all(&host.client, &objects).await;
    let (spent, waited) = (host.processor_time() - before, begin.elapsed());
    let (now, peak) = host.resident();
    let each = |time| format!("{:.0}", microseconds(time) / f64::from(count));
    let budget = match count {
        1_000 => budget(mebibytes(peak), 10.0, "MiB"),
        10_000 => budget(mebibytes(peak), 16.0, "MiB"),
        _ => String::new(),
    };
    let [now, peak] = [now, peak].map(|it| format!("{:.1} MiB", mebibytes(it)));
    vec![format!("{count} {kind}"), each(spent), each(waited), now, peak, budget]
}
