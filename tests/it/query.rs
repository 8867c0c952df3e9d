//! List resources, as `terraform query` asks for them.

use std::collections::BTreeSet;

use certcentral_sim::{Fault, FaultKind, Options, Sim};
use serde_json::{Value, json};
use tokio_stream::StreamExt as _;

use crate::host::{Host, Object, dynamic};
use crate::process::tfplugin5::{self as wire, diagnostic::Severity};

/// An object that was listed.
struct Listed {
    name: String,
    identity: Value,
    object: Object,
}

async fn query(
    host: &mut Host<'_>,
    of: &str,
    config: Value,
    limit: i64,
) -> Result<Vec<Listed>, Vec<String>> {
    let request = wire::list_resource::Request {
        type_name: of.to_owned(),
        config: Some(dynamic(&config)),
        include_resource_object: true,
        limit,
    };
    let mut stream = host.client.list_resource(request).await.expect("a stream").into_inner();
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    while let Some(event) = stream.next().await {
        let event = event.expect("never a status");
        let errors = event.diagnostic.iter().filter(|it| it.severity() == Severity::Error);
        problems.extend(errors.map(|it| format!("{}: {}", it.summary, it.detail)));
        if event.identity.is_some() {
            let object = Object {
                state: event.resource_object,
                identity: event.identity,
                private: Vec::new(),
            };
            found.push(Listed { name: event.display_name, identity: object.identity(), object });
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// An account with two objects of each type.
async fn populated(sim: &Sim, host: &mut Host<'_>) {
    let contact = json!({ "first_name": "Ada", "last_name": "Example", "email": "a@example.com" });
    for (resource, config) in [
        ("digicert_division", json!({ "name": "Sales" })),
        ("digicert_division", json!({ "name": "Field", "description": "Sales in the field" })),
        ("digicert_service_user", json!({ "email": "ci@example.com", "key_name": "first" })),
        ("digicert_service_user", json!({ "email": "ci@example.com", "key_name": "second" })),
        ("digicert_subaccount", crate::fixtures::named_subaccount("first")),
        ("digicert_subaccount", crate::fixtures::named_subaccount("second")),
        (
            "digicert_organization_contacts",
            json!({ "organization_id": "300001", "technical_contact": contact }),
        ),
    ] {
        host.apply(resource, &Object::default(), Some(&config)).await.succeeded();
    }
    sim.with(|world| {
        let mut user = world.users[&110_001].clone();
        (user.id, user.username) = (110_002, "bo@example.com".into());
        user.container_assignments = vec![1002];
        world.users.insert(user.id, user);
    });
}

const LISTS: &[(&str, usize)] = &[
    ("digicert_api_key", 3),
    ("digicert_division", 4),
    ("digicert_organization", 2),
    // Of two organizations, one has contacts.
    ("digicert_organization_contacts", 1),
    ("digicert_service_user", 2),
    ("digicert_subaccount", 2),
    ("digicert_user", 2),
];

#[tokio::test]
async fn what_is_listed_is_what_an_import_reads() {
    for unkind in [false, true] {
        let options = Options {
            ids_as_strings: unkind,
            bools_as_numbers: unkind,
            null_for_unset: unkind,
            page_limit_max: if unkind { 1 } else { 1000 },
            ..Options::default()
        };
        let sim = Sim::start(options).expect("loopback has a port");
        let mut host = Host::without_retries(&sim).await;
        populated(&sim, &mut host).await;
        for (resource, count) in LISTS {
            let found = query(&mut host, resource, json!({}), 100).await.expect("no problem");
            assert_eq!(found.len(), *count, "{resource}");
            let names: BTreeSet<_> = found.iter().map(|it| it.name.clone()).collect();
            assert_eq!(names.len(), *count, "{resource}: {names:?}");
            for listed in found {
                let imported =
                    host.import_by_identity(resource, &listed.identity).await.succeeded();
                let read = host.read(resource, &imported.object).await.succeeded();
                assert_eq!(listed.object.attributes(), read.attributes, "{resource}");
                assert_eq!(listed.identity, read.object.identity(), "{resource}");
            }
        }
    }
}

#[tokio::test]
async fn filters_are_those_of_the_data_sources() {
    let sim = crate::fixtures::sim();
    let mut host = Host::without_retries(&sim).await;
    populated(&sim, &mut host).await;
    for (resource, config, names) in [
        ("digicert_user", json!({ "search": "%bo@" }), vec!["bo@example.com (Ada Admin)"]),
        ("digicert_user", json!({ "status": "locked" }), vec![]),
        ("digicert_division", json!({ "parent_id": "1002" }), vec![]),
        ("digicert_subaccount", json!({ "account_type": "retail" }), vec![]),
        (
            "digicert_organization",
            json!({ "search": "Example Org LLC" }),
            vec!["Example Org LLC (300001)"],
        ),
        ("digicert_api_key", json!({ "user_id": "110001" }), vec!["Administrator (700001)"]),
    ] {
        let found = query(&mut host, resource, config, 100).await.expect("no problem");
        let found: Vec<_> = found.into_iter().map(|it| it.name).collect();
        assert_eq!(found, names, "{resource}");
    }
}

#[tokio::test]
async fn a_limit_ends_the_walk() {
    let options = Options { page_limit_max: 10, ..Options::default() };
    let sim = Sim::start(options).expect("loopback has a port");
    let mut host = Host::without_retries(&sim).await;
    sim.with(|world| {
        for id in 110_002..110_100_u64 {
            let mut user = world.users[&110_001].clone();
            (user.id, user.username) = (id, format!("user{id}"));
            world.users.insert(id, user);
        }
    });
    sim.take_requests();
    for config in [json!({}), json!({ "container_id": "1001" })] {
        let found =
            query(&mut host, "digicert_user", config.clone(), 15).await.expect("no problem");
        assert_eq!(found.len(), 15, "{config}");
        let pages = sim.take_requests().iter().filter(|it| it.path == "/user").count();
        assert!((2..=3).contains(&pages), "{config}: {pages} pages of 10 for 15 users");
    }
}

#[tokio::test]
async fn a_list_that_fails_says_so() {
    let sim = crate::fixtures::sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("GET", "/user", FaultKind::status(503)));
    let problems =
        query(&mut host, "digicert_user", json!({}), 100).await.err().expect("a problem");
    assert!(problems[0].starts_with("Cannot list digicert_user: "), "{problems:?}");
    assert!(problems[0].contains("HTTP 503 from `GET user`"), "{problems:?}");
}

#[tokio::test]
async fn a_list_of_a_provider_that_is_not_configured_says_so() {
    let mut host = Host::unconfigured(&[]).await;
    let problems =
        query(&mut host, "digicert_user", json!({}), 100).await.err().expect("a problem");
    assert!(
        problems[0].contains("not configured") || problems[0].contains("Configure"),
        "{problems:?}"
    );
}
