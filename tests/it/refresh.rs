//! How many requests a refresh takes, and that it finds what each object's own answer says.

mod cli;
mod divisions;
mod invites;
mod organizations;
mod other_object;
mod users;

use std::collections::BTreeMap;
use std::time::Duration;

use certcentral_sim::{Fault, FaultKind, Sim};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::host::{Answered, Host, Object, dynamic};

/// Reads as core does: ten at a time. In the order of the objects.
async fn refresh(host: &Host<'_>, of: &'static str, objects: &[Object]) -> Vec<Answered> {
    let (mut reads, mut answers) = (JoinSet::new(), BTreeMap::new());
    let mut rest = objects.iter().enumerate();
    loop {
        while reads.len() < AT_ONCE
            && let Some((index, object)) = rest.next()
        {
            let (client, object) = (host.client.clone(), object.clone());
            reads.spawn(async move { (index, crate::host::read(client, of, &object).await) });
        }
        match reads.join_next().await {
            Some(read) => {
                let (index, answered) = read.expect("no read panics");
                answers.insert(index, answered);
            }
            None => return answers.into_values().collect(),
        }
    }
}

/// Refreshes, fails unless every object is as it was, and counts the requests by path.
async fn requests(host: &Host<'_>, sim: &Sim, of: &'static str, objects: &[Object]) -> Vec<String> {
    sim.take_requests();
    for (answered, object) in refresh(host, of, objects).await.into_iter().zip(objects) {
        let answered = answered.succeeded();
        assert_eq!(answered.attributes, object.attributes());
        assert_eq!(answered.warnings, Vec::<String>::new());
    }
    sim.take_requests().into_iter().map(|it| format!("{} {}", it.method, it.path)).collect()
}

/// What terraform keeps of an object with these attributes.
fn object(attributes: &Value, private: &Value) -> Object {
    Object {
        state: Some(dynamic(attributes)),
        private: private.to_string().into_bytes(),
        ..Object::default()
    }
}

/// Reads that core has under way at once.
const AT_ONCE: usize = 10;

/// Delays the list until all concurrent reads of core have arrived, also on a busy machine.
fn far_away(path: &str) -> Fault {
    Fault::new("GET", path, FaultKind::Delay(Duration::from_millis(120)))
}

/// What is remembered of an object that was made in this account.
fn made_in(sim: &Sim) -> Value {
    json!({ "account_id": sim.account_id() })
}
