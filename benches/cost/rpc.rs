//! Time of each RPC, for a typical and for a large object.

use std::time::Instant;

use crate::host::{Host, configuration, planning, reading, upgrade, validation};
use crate::objects::{self, Object};
use crate::process::tfplugin5 as wire;
use crate::report::{Samples, Table, microseconds};
use crate::{Effort, block_on};

/// The median a host waits for a call, and the mean of the provider's processor time, in microseconds.
type Cost = (f64, f64);

pub(crate) fn tables(effort: Effort) -> Vec<Table> {
    let count = if effort.quick { 50 } else { 500 };
    block_on(async {
        let sim = objects::simulator();
        let mut host = Host::start(&sim).await;
        let (typical, large) =
            (objects::user(&sim, 0), objects::user_limited_to(&sim, 1, CONTAINERS));
        let mut table = Table::new(
            format!("RPCs ({count} consecutive calls each, over TLS; µs)"),
            &["", "typical: wall time", "CPU time", "large: wall time", "CPU time"],
        );
        for (name, (waited, processor)) in of_the_provider(&mut host, &sim, count).await {
            let cells =
                [format!("{waited:.0}"), format!("{processor:.0}"), String::new(), String::new()];
            table.row([name.to_owned()].into_iter().chain(cells));
        }
        let typical = of_an_object(&mut host, &typical, count).await;
        let large = of_an_object(&mut host, &large, count).await;
        for ((name, typical), (_, large)) in typical.into_iter().zip(large) {
            let cells = [typical.0, typical.1, large.0, large.1].map(|it| format!("{it:.0}"));
            table.row([name.to_owned()].into_iter().chain(cells));
        }
        table.note(format!(
            "\"Typical\" is a user; after the first few reads, its reads use the list of users. \"Large\" is a user with \
             {CONTAINERS} container assignments. Wall time is a median and includes client and simulator; CPU time \
             is the provider's mean."
        ));
        vec![table]
    })
}

/// Large enough for a response of 100 KiB.
const CONTAINERS: u64 = 1000;

async fn of_the_provider(
    host: &mut Host,
    sim: &certcentral_sim::Sim,
    count: usize,
) -> [(&'static str, Cost); 2] {
    let schema = measured(host, count, async |host| {
        host.client.get_schema(wire::get_provider_schema::Request {}).await.expect("an answer");
    });
    let schema = schema.await;
    let configure = measured(host, count, async |host| {
        host.client.configure(configuration(sim)).await.expect("an answer");
    });
    [("GetSchema", schema), ("Configure", configure.await)]
}

async fn of_an_object(host: &mut Host, object: &Object, count: usize) -> Vec<(&'static str, Cost)> {
    let state = Some(object.message(&object.state));
    let mut edited = object.state.clone();
    edited["job_title"] = "Architect".into();
    let edited = Some(object.message(&edited));
    let unchanged = planning(object, state.clone(), Some(object.configured()), Vec::new());
    let created = planning(object, None, Some(object.configured()), Vec::new());
    let validate = measured(host, count, async |host| {
        host.client.validate_resource_type_config(validation(object)).await.expect("an answer");
    });
    let validate = validate.await;
    let upgrade = measured(host, count, async |host| {
        host.client.upgrade_resource_state(upgrade(object)).await.expect("an answer");
    });
    let upgrade = upgrade.await;
    let read = measured(host, count, async |host| {
        host.client.read_resource(reading(object, state.clone())).await.expect("an answer");
    });
    let read = read.await;
    let plan = measured(host, count, async |host| {
        host.client.plan_resource_change(unchanged.clone()).await.expect("an answer");
    });
    let plan = plan.await;
    let create = measured(host, count, async |host| {
        host.client.plan_resource_change(created.clone()).await.expect("an answer");
    });
    let create = create.await;
    // Alternates between two values, so that each update is a change.
    let mut states = [state.clone(), edited];
    let apply = measured(host, count, async |host| {
        let [prior, planned] = states.clone();
        states.swap(0, 1);
        let request = wire::apply_resource_change::Request {
            type_name: object.type_name.to_owned(),
            prior_state: prior,
            planned_state: planned,
            ..wire::apply_resource_change::Request::default()
        };
        host.client.apply_resource_change(request).await.expect("an answer");
    });
    let apply = apply.await;
    let import = measured(host, count, async |host| {
        let request = wire::import_resource_state::Request {
            type_name: object.type_name.to_owned(),
            id: object.id.to_string(),
            ..wire::import_resource_state::Request::default()
        };
        host.client.import_resource_state(request).await.expect("an answer");
    });
    vec![
        ("ValidateResourceTypeConfig", validate),
        ("UpgradeResourceState", upgrade),
        ("ReadResource", read),
        ("PlanResourceChange, unchanged", plan),
        ("PlanResourceChange, new", create),
        ("ApplyResourceChange, update (a GET and a PUT)", apply),
        ("ImportResourceState", import.await),
    ]
}

async fn measured(host: &mut Host, count: usize, mut call: impl AsyncFnMut(&mut Host)) -> Cost {
    call(host).await;
    let before = host.processor_time();
    let mut waited = Vec::with_capacity(count);
    for _ in 0..count {
        let begin = Instant::now();
        call(host).await;
        waited.push(microseconds(begin.elapsed()));
    }
    let spent = microseconds(host.processor_time() - before);
    (Samples::from(waited).median(), spent / f64::from(u32::try_from(count).unwrap_or(u32::MAX)))
}
