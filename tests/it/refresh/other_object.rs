//! Answers about another object than the one that was asked for: none becomes state.

use certcentral_sim::{Fault, FaultKind, Sim};
use serde_json::{Value, json};

use crate::fixtures::named_subaccount;
use crate::host::{Host, Object};

/// A resource, the path of its reads, and two configurations of it for two objects.
struct Row {
    resource: &'static str,
    path: &'static str,
    configs: [Value; 2],
    /// The read is made by an import itself, not by what follows it.
    import_reads: bool,
}

fn rows() -> [Row; 3] {
    let user = |name: &str| {
        json!({
            "username": name, "first_name": "Ana", "last_name": "Example",
            "email": format!("{name}@example.com"), "access_role_id": "5",
        })
    };
    let subaccount = |name: &str| {
        let mut config = named_subaccount(name);
        config["account_type"] = json!("enterprise");
        config
    };
    let contacts = |organization: &str| {
        let contact =
            json!({ "first_name": "Ada", "last_name": organization, "email": "ada@example.com" });
        json!({ "organization_id": organization, "organization_contact": contact })
    };
    [
        Row {
            resource: "digicert_user",
            path: "/user",
            configs: ["ana", "bo"].map(user),
            import_reads: false,
        },
        Row {
            resource: "digicert_subaccount",
            path: "/account/subaccount",
            configs: ["one", "two"].map(subaccount),
            import_reads: false,
        },
        Row {
            resource: "digicert_organization_contacts",
            path: "/organization",
            configs: ["300001", "300002"].map(contacts),
            import_reads: true,
        },
    ]
}

/// Two objects, and the ID of the second.
async fn two(host: &mut Host<'_>, row: &Row) -> ([Object; 2], u64) {
    let mut objects = Vec::new();
    for config in &row.configs {
        let made = host.apply(row.resource, &Object::default(), Some(config)).await.succeeded();
        objects.push(made.object);
    }
    let objects: [Object; 2] = objects.try_into().ok().expect("two");
    let other = objects[1].attributes()["id"].as_str().and_then(|it| it.parse().ok());
    (objects, other.expect("an ID"))
}

fn id(object: &Object) -> String {
    object.attributes()["id"].as_str().expect("an ID").to_owned()
}

/// Answers once as if another object had been asked for.
fn mix_up(sim: &Sim, row: &Row, asked: &Object, other: u64) {
    let path = format!("{}/{}", row.path, id(asked));
    sim.fault(Fault::new("GET", &path, FaultKind::OtherObject { id: other }).times(1));
}

async fn start() -> (Sim, Value) {
    let sim = crate::fixtures::sim();
    (sim, json!({ "rate_limits": [], "max_retries": 0 }))
}

#[tokio::test]
async fn a_read_keeps_the_state() {
    for row in rows() {
        let (sim, arguments) = start().await;
        let mut host = Host::start(&sim, arguments).await;
        let ([object, _], other) = two(&mut host, &row).await;
        mix_up(&sim, &row, &object, other);
        let read = host.read(row.resource, &object).await;
        assert_eq!(read.attributes, object.attributes(), "{}", row.resource);
        let about = format!("the response is about {other} instead of {}", id(&object));
        assert!(read.errors.iter().any(|it| it.contains(&about)), "{:?}", read.errors);
        assert!(read.errors[0].contains("the state is kept"), "{:?}", read.errors);
        let again = host.read(row.resource, &read.object).await.succeeded();
        assert_eq!(again.attributes, object.attributes());
    }
}

#[tokio::test]
async fn an_import_imports_nothing() {
    for row in rows() {
        let (sim, arguments) = start().await;
        let mut host = Host::start(&sim, arguments).await;
        let ([object, _], other) = two(&mut host, &row).await;
        mix_up(&sim, &row, &object, other);
        let imported = host.import(row.resource, &id(&object)).await;
        assert_eq!(imported.errors.is_empty(), !row.import_reads, "{}", row.resource);
        let errors = match imported.errors.is_empty() {
            true => host.read(row.resource, &imported.object).await.errors,
            false => imported.errors,
        };
        assert!(errors.iter().any(|it| it.contains("is about")), "{errors:?}");
    }
}

#[tokio::test]
async fn a_create_takes_nothing_from_another_object() {
    for row in rows() {
        let (sim, arguments) = start().await;
        let mut host = Host::start(&sim, arguments).await;
        let ([_, second], _) = two(&mut host, &row).await;
        let mut config = row.configs[0].clone();
        match row.resource {
            "digicert_user" => config["username"] = json!("cy"),
            "digicert_subaccount" => config["child_name"] = json!("three"),
            _ => config["organization_contact"]["first_name"] = json!("Bo"),
        }
        let other = id(&second).parse().expect("an ID");
        let none = Object::default();
        let planned = host.plan(row.resource, &none, Some(&config)).await.succeeded().object;
        let fault = FaultKind::OtherObject { id: other };
        sim.fault(Fault::new("GET", &format!("{}/*", row.path), fault).times(1));
        let made = host.apply_planned(row.resource, &none, planned, Some(&config)).await;
        let made = made.succeeded();
        assert!(made.warnings.iter().any(|it| it.contains("is about")), "{:?}", made.warnings);
        assert_ne!(made.attributes["id"], json!(other.to_string()), "{}", row.resource);
        for (name, value) in config.as_object().expect("an object") {
            if value.is_string() {
                assert_eq!(&made.attributes[name], value, "{} {name}", row.resource);
            }
        }
        let read = host.read(row.resource, &made.object).await.succeeded();
        assert_eq!(read.attributes["id"], made.attributes["id"]);
    }
}

#[tokio::test]
async fn an_update_of_a_user_sends_nothing_that_belongs_to_another() {
    let (sim, arguments) = start().await;
    let mut host = Host::start(&sim, arguments).await;
    let row = &rows()[0];
    let ([object, _], other) = two(&mut host, row).await;
    sim.with(|world| world.users.get_mut(&other).expect("a user").is_saml_sso_only = true);
    let mut config = row.configs[0].clone();
    config["first_name"] = json!("Ann");
    mix_up(&sim, row, &object, other);
    sim.take_requests();
    let updated = host.apply(row.resource, &object, Some(&config)).await;
    assert!(updated.errors[0].contains("is about"), "{:?}", updated.errors);
    assert_eq!(sim.count("PUT", "/user"), 0);
    assert_eq!(updated.attributes, object.attributes());
}

#[tokio::test]
async fn a_row_of_a_list_is_found_by_its_id_only() {
    // Rows are looked up by their ID, so a list cannot mix objects up; one without IDs is not used.
    let (sim, arguments) = start().await;
    let mut host = Host::start(&sim, arguments).await;
    let row = &rows()[0];
    let (objects, _) = two(&mut host, row).await;
    let body = r#"{"users":[{"username":"ana"}],"page":{"total":1}}"#.to_owned();
    let kind = FaultKind::Body { status: 200, content_type: "application/json".into(), body };
    sim.fault(Fault::new("GET", "/user", kind));
    for answered in super::refresh(&host, row.resource, &objects).await {
        answered.succeeded();
    }
}
