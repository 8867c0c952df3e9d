//! Everything a provider does, against a server whose every answer is made to fill its memory.

use std::future::Future;
use std::pin::Pin;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tonic::transport::Channel;

use super::answers::Case;
use super::server;
use crate::fixtures::managed_subaccount;
use crate::process::Plugin;
use crate::process::tfplugin5::provider_client::ProviderClient;
use crate::process::tfplugin5::{self as wire, DynamicValue};

type Client = ProviderClient<Channel>;
type Call = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Calls that core has under way at once.
const AT_ONCE: usize = 10;

/// Memory of a provider at its peak, in KiB, after reads, imports and creates of every resource.
pub(crate) async fn attack(case: &'static Case) -> u64 {
    // At the finest level, answers are logged too.
    let plugin = Plugin::start(&[("TF_LOG", "TRACE")]);
    let mut client = plugin.provider().await;
    let url = server::start(case.answer);
    let config = dynamic(&json!({
        "api_key": "KEY-OF-THE-ATTACKED", "base_url": url, "rate_limits": [], "max_retries": 0,
        "max_concurrent_requests": 32, "request_timeout": "20s",
    }));
    let request = wire::configure::Request {
        terraform_version: "1.11.4".to_owned(),
        config: Some(config),
        client_capabilities: None,
    };
    client.configure(request).await.expect("an answer");
    for round in [reads(&client), imports(&client), creates(&client)] {
        let mut calls = JoinSet::new();
        for call in round {
            if calls.len() == AT_ONCE {
                calls.join_next().await.expect("one").expect("no call panics");
            }
            calls.spawn(call);
        }
        while let Some(done) = calls.join_next().await {
            done.expect("no call panics");
        }
    }
    peak(plugin.id())
}

/// The most memory a process has had in use, in KiB.
pub(crate) fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it still runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

fn reads(client: &Client) -> Vec<Call> {
    let user =
        |id: usize| json!({ "id": id.to_string(), "username": "hog", "email": "hog@example.com" });
    let users = (1..=15).map(|id| ("digicert_user", user(id)));
    let others = (1..=3).flat_map(|id: usize| {
        [
            ("digicert_subaccount", json!({ "id": id.to_string(), "account_type": "managed" })),
            ("digicert_organization_contacts", json!({ "id": id.to_string() })),
            ("digicert_organization", json!({ "id": id.to_string(), "name": "hog" })),
            ("digicert_division", json!({ "id": id.to_string(), "name": "hog" })),
            (
                "digicert_subaccount_invite",
                json!({ "emails": ["hog@example.com"], "subaccount_type": "enterprise" }),
            ),
        ]
    });
    let read = |(of, state): (&str, Value)| read(client.clone(), of.to_owned(), state);
    users.chain(others).map(read).collect()
}

fn read(mut client: Client, of: String, state: Value) -> Call {
    Box::pin(async move {
        let raw = wire::RawState { json: state.to_string().into_bytes(), ..Default::default() };
        let request = wire::upgrade_resource_state::Request {
            type_name: of.clone(),
            version: 0,
            raw_state: Some(raw),
        };
        let upgraded = client.upgrade_resource_state(request).await.expect("an answer");
        let request = wire::read_resource::Request {
            type_name: of,
            current_state: upgraded.into_inner().upgraded_state,
            ..Default::default()
        };
        client.read_resource(request).await.expect("an answer");
    })
}

fn imports(client: &Client) -> Vec<Call> {
    let all = [
        ("digicert_user", "hog"),
        ("digicert_organization", "hog"),
        ("digicert_division", "hog"),
        ("digicert_subaccount_invite", "1,2,3"),
    ];
    let import = |(of, id): (&str, &str)| -> Call {
        let mut client = client.clone();
        let request = wire::import_resource_state::Request {
            type_name: of.to_owned(),
            id: id.to_owned(),
            ..Default::default()
        };
        Box::pin(async move {
            client.import_resource_state(request).await.expect("an answer");
        })
    };
    all.into_iter().map(import).collect()
}

fn creates(client: &Client) -> Vec<Call> {
    let user = json!({
        "username": "hog", "first_name": "Hog", "last_name": "Example", "email": "hog@example.com",
        "access_role_id": "5",
    });
    let contact =
        json!({ "first_name": "Hog", "last_name": "Example", "email": "hog@example.com" });
    let organization = json!({
        "name": "hog", "address": "1 Example Street", "zip": "84043", "city": "Lehi",
        "state": "Utah", "country": "US", "telephone": "555-0100",
        "organization_contact": contact,
    });
    let division = json!({ "name": "hog", "parent_id": "7", "template_id": "6" });
    let all = [
        ("digicert_user", user),
        ("digicert_organization", organization),
        ("digicert_division", division),
        ("digicert_subaccount", managed_subaccount()),
        (
            "digicert_organization_contacts",
            json!({ "organization_id": "7", "organization_contact": contact }),
        ),
        (
            "digicert_subaccount_invite",
            json!({ "emails": ["hog@example.com"], "subaccount_type": "enterprise" }),
        ),
    ];
    let create = |(of, config): (&str, Value)| create(client.clone(), of.to_owned(), config);
    all.into_iter().map(create).collect()
}

fn create(mut client: Client, of: String, config: Value) -> Call {
    Box::pin(async move {
        let config = Some(dynamic(&config));
        let request = wire::plan_resource_change::Request {
            type_name: of.clone(),
            proposed_new_state: config.clone(),
            config: config.clone(),
            ..Default::default()
        };
        let planned = client.plan_resource_change(request).await.expect("an answer").into_inner();
        let request = wire::apply_resource_change::Request {
            type_name: of,
            planned_state: planned.planned_state,
            config,
            planned_private: planned.planned_private,
            ..Default::default()
        };
        client.apply_resource_change(request).await.expect("an answer");
    })
}

fn dynamic(json: &Value) -> DynamicValue {
    DynamicValue { msgpack: Vec::new(), json: json.to_string().into_bytes() }
}
