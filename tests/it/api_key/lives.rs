//! Rotations with a random fault in each. `ROTATIONS=1000 cargo test --test it lives` makes more of them.

use std::collections::BTreeSet;

use certcentral_sim::{Fault, FaultKind, Sim};
use fastrand::Rng;
use serde_json::json;

use super::{KEY, active, config};
use crate::fixtures::{sim, until};
use crate::host::{Host, Object};

/// Rotations of one test, unless the environment says how many.
const ROTATIONS: usize = 200;

/// Something that goes wrong during a rotation.
enum Trouble {
    Fault(Fault),
    /// The provider is killed after this number of further requests.
    Kill(usize),
}

fn trouble(random: &mut Rng) -> Trouble {
    if random.u8(..12) == 0 {
        return Trouble::Kill(random.usize(1..6));
    }
    let calls =
        [("GET", "/key"), ("GET", "/key/*"), ("POST", "/key/user/*"), ("PUT", "/key/*/status")];
    let (method, path) = calls[random.usize(..calls.len())];
    let kinds = [
        FaultKind::status(403),
        FaultKind::too_many_requests(None),
        FaultKind::status(500),
        FaultKind::Reset,
        FaultKind::Close,
        FaultKind::Truncated { bytes: random.usize(..40) },
        FaultKind::Body { status: 200, content_type: "text/html".into(), body: "<p>".into() },
    ];
    let kind = random.usize(..kinds.len());
    let fault = Fault::new(method, path, kinds[kind].clone());
    // A refusal has no effect.
    let fault = if kind >= 2 && random.bool() { fault.with_effect() } else { fault };
    Trouble::Fault(fault.after(random.usize(..3)).times(random.usize(1..4)))
}

#[tokio::test]
async fn rotations_never_leave_the_object_without_a_key() {
    let rotations = std::env::var("ROTATIONS").ok().and_then(|it| it.parse().ok());
    let rotations = rotations.unwrap_or(ROTATIONS);
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = Rng::with_seed(seed);
    let (sim, directory) = (sim(), tempfile::tempdir().expect("a temporary directory"));
    let recovery_dir = directory.path().join("records");
    let arguments = json!({ "rate_limits": [], "max_retries": 0, "recovery_dir": recovery_dir });
    let mut host = Host::start(&sim, arguments.clone()).await;
    let mut object =
        host.apply(KEY, &Object::default(), Some(&config("0", "0s"))).await.succeeded().object;
    let mut last = 0;
    for number in 1..=rotations {
        last = number;
        let config = config(&number.to_string(), "0s");
        let grip = match trouble(&mut random) {
            Trouble::Fault(fault) => {
                sim.fault(fault);
                None
            }
            Trouble::Kill(after) => Some(sim.requests().len() + after),
        };
        if random.bool() {
            // A provider that was killed may have revoked the key in the state: its successor is in a record,
            // which the create that follows adopts.
            object = host.read(KEY, &object).await.object;
        }
        let existed = object.state.is_some();
        let killed = tokio::select! {
            answered = host.apply(KEY, &object, Some(&config)) => {
                assert!(answered.object.state.is_some() || !existed, "{number}: an update keeps it");
                object = answered.object;
                false
            }
            () = until(|| grip.is_some_and(|count| sim.requests().len() >= count)), if grip.is_some() => true,
        };
        sim.clear_faults();
        if killed {
            drop(host);
            host = Host::start(&sim, arguments.clone()).await;
        }
        assert!(!sim.with(|world| active(world)).is_empty(), "{number}: no active key");
    }
    assert_active_at_any_time(&sim);

    let config = config(&last.to_string(), "0s");
    for _ in 0..3 {
        let read = host.read(KEY, &object).await.succeeded();
        object = host.apply(KEY, &read.object, Some(&config)).await.succeeded().object;
    }
    let state = host.read(KEY, &object).await.succeeded().attributes;
    assert_eq!(state["superseded_key_ids"], json!([]));
    let left = sim.with(|world| active(world));
    assert_eq!(json!(left.iter().map(u64::to_string).collect::<Vec<_>>()), json!([state["id"]]));
    // The key in the state is the one that is active.
    let mut other = Host::start(&sim, json!({ "api_key": state["api_key"] })).await;
    other.shut_down().await;
}

/// Follows the requests that had an effect: some key was active after each of them.
fn assert_active_at_any_time(sim: &Sim) {
    let (mut active, mut next) = (BTreeSet::new(), 700_002_u64);
    for request in sim.requests().iter().filter(|it| it.effect) {
        if request.method == "POST" && request.path.starts_with("/key/user/") {
            active.insert(next);
            next += 1;
        } else if let Some(id) = request.path.strip_suffix("/status") {
            let id = id.rsplit('/').next().and_then(|it| it.parse().ok()).expect("an ID");
            active.remove(&id);
            assert!(!active.is_empty(), "after {} {}", request.method, request.path);
        }
    }
}
