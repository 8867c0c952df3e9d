//! Every endpoint with every fault: the resulting state, the number of requests that took effect, and
//! the diagnostics.
//!
//! The matrix has two tables: [`CLASSES`], the faults with their expected outcome, and [`CALLS`], the
//! requests of the provider.

mod case;

use std::sync::Mutex;
use std::time::Duration;

use certcentral_sim::{Fault, FaultKind, Options, Recorded};
use serde_json::{Value, json};

use self::case::Case;
use crate::cli::Workspace;
use crate::fixtures::named_subaccount;
use crate::host::{Answered, Host, Object};

/// A fault and its expected outcome.
struct Class {
    name: &'static str,
    kind: fn() -> FaultKind,
    /// Whether the API performs the request anyway.
    effect: bool,
    /// Text of the error, if there is one.
    says: &'static str,
    read: Fate,
    /// PUT and DELETE, which may be repeated.
    repeatable: Fate,
    post: Fate,
}

/// Outcome of a fault.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    /// Nothing happens.
    Fine,
    /// The object is removed from the state.
    Absent,
    /// Repeated: an error while the fault lasts, a success once it has passed.
    Repeated,
    /// An error at once, even if the fault would pass.
    Refused,
    /// An error that says that the effect is unknown; never repeated. Where the object can be looked
    /// for, a success if it is there, and repeated if it is not.
    Unknown,
}

use Fate::{Absent, Fine, Refused, Repeated, Unknown};

const fn class(
    name: &'static str,
    kind: fn() -> FaultKind,
    says: &'static str,
    [read, repeatable, post]: [Fate; 3],
) -> Class {
    Class { name, kind, effect: false, says, read, repeatable, post }
}

const fn with_effect(class: Class) -> Class {
    Class { effect: true, ..class }
}

fn coded(status: u16, code: &str) -> FaultKind {
    FaultKind::Status { status, code: Some(code.to_owned()), body: None, retry_after: None }
}

fn foreign(status: u16, content_type: &str, body: &str) -> FaultKind {
    FaultKind::Body { status, content_type: content_type.to_owned(), body: body.to_owned() }
}

const HTML: &str = "<!DOCTYPE html><html><head><title>Just a moment</title></head></html>";

/// Whether a text contains all parts of `says`, which are separated by "…".
fn contains_parts(text: &str, says: &str) -> bool {
    says.split('…').all(|part| text.contains(part.trim()))
}

#[rustfmt::skip]
const CLASSES: &[Class] = &[
    class("400", || coded(400, "bad_request_format"), "HTTP 400 … bad_request_format", [Refused, Refused, Refused]),
    class("401", || FaultKind::status(401), "the API key was rejected", [Refused, Refused, Refused]),
    class("403 key", || coded(403, "access_denied|access_denied_invalid_key"), "the API key was rejected", [Refused, Refused, Refused]),
    class("403 role", || coded(403, "access_denied|missing_permission"), "does not allow this call", [Refused, Refused, Refused]),
    class("404 object", || coded(404, "not_found|object"), "not_found|object", [Absent, Absent, Refused]),
    class("404 bare", || coded(404, "not_found"), "HTTP 404 … not_found", [Absent, Absent, Refused]),
    class("404 route", || coded(404, "not_found|route"), "base_url is probably wrong", [Refused, Refused, Refused]),
    class("404 CDN", || foreign(404, "text/html", HTML), "base_url is probably wrong", [Refused, Refused, Refused]),
    class("409", || coded(409, "conflict"), "HTTP 409 … conflict", [Refused, Refused, Refused]),
    class("429", || FaultKind::too_many_requests(None), "HTTP 429 … request_limit_exceeded", [Repeated, Repeated, Repeated]),
    class("429 foreign", || foreign(429, "text/html", HTML), "429", [Repeated, Repeated, Refused]),
    class("500", || FaultKind::status(500), "500", [Repeated, Repeated, Unknown]),
    class("502", || FaultKind::status(502), "502", [Repeated, Repeated, Unknown]),
    class("503", || FaultKind::status(503), "maintenance", [Repeated, Repeated, Unknown]),
    class("504", || FaultKind::status(504), "504", [Repeated, Repeated, Unknown]),
    with_effect(class("504 after effect", || FaultKind::status(504), "504", [Repeated, Repeated, Unknown])),
    class("reset", || FaultKind::Reset, "no response", [Repeated, Repeated, Unknown]),
    with_effect(class("reset after effect", || FaultKind::Reset, "no response", [Repeated, Repeated, Unknown])),
    class("closed", || FaultKind::Close, "no response", [Repeated, Repeated, Unknown]),
    class("time-out", || FaultKind::Hang, "no response", [Repeated, Repeated, Unknown]),
    class("slow", || FaultKind::Delay(Duration::from_millis(50)), "", [Fine, Fine, Fine]),
    class("HTML", || foreign(200, "text/html", HTML), "unexpected response", [Refused, Refused, Unknown]),
    class("empty", || foreign(200, "application/json", ""), "unexpected response", [Refused, Fine, Unknown]),
];

/// A request of the provider, and its operation.
struct Call {
    resource: &'static str,
    operation: Operation,
    method: &'static str,
    /// Path; `*` stands for any run of characters.
    path: &'static str,
    /// Matching calls of the operation that come before this one.
    after: usize,
    /// Comes after the effect of a change, so that nothing may fail any more.
    afterwards: bool,
    /// The plan asks, and goes on without an answer.
    advisory: bool,
    /// The object is looked for after a POST without an answer.
    looked_for: bool,
    /// A list shows the effect of a request without a response; a POST is never repeated.
    listed: bool,
    /// The read looks at a list it shares with others first, and asks by itself where that fails.
    shared: bool,
    /// The response to a POST that is listed has an ID: an empty one is no usable response.
    returns_id: bool,
    /// A refused deletion deactivates the object.
    deactivates: bool,
    /// What the object's absence comes to: gone, or an error.
    absence: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    Create,
    Read,
    Update,
    Delete,
}

const fn call(
    resource: &'static str,
    operation: Operation,
    method: &'static str,
    path: &'static str,
) -> Call {
    Call {
        resource,
        operation,
        method,
        path,
        after: 0,
        afterwards: false,
        advisory: false,
        looked_for: false,
        listed: false,
        shared: false,
        returns_id: false,
        deactivates: false,
        absence: Refused,
    }
}

#[rustfmt::skip]
const CALLS: &[Call] = &[
    call("digicert_api_key", Operation::Create, "GET", "/key"),
    call("digicert_api_key", Operation::Create, "POST", "/key/user/110001"),
    Call { afterwards: true, ..call("digicert_api_key", Operation::Create, "GET", "/key/*") },
    Call { absence: Absent, ..call("digicert_api_key", Operation::Read, "GET", "/key/*") },
    call("digicert_api_key", Operation::Update, "PUT", "/key/*"),
    Call { absence: Absent, ..call("digicert_api_key", Operation::Delete, "PUT", "/key/*/status") },
    call("digicert_service_user", Operation::Create, "POST", "/user"),
    Call { afterwards: true, ..call("digicert_service_user", Operation::Create, "GET", "/user/*") },
    Call { afterwards: true, ..call("digicert_service_user", Operation::Create, "GET", "/key") },
    Call { absence: Absent, ..call("digicert_service_user", Operation::Read, "GET", "/user/*") },
    call("digicert_service_user", Operation::Update, "PUT", "/user/*"),
    call("digicert_service_user", Operation::Update, "PUT", "/user/*/container-assignments"),
    Call { advisory: true, ..call("digicert_service_user", Operation::Delete, "GET", "/user/me") },
    Call { absence: Absent, ..call("digicert_service_user", Operation::Delete, "DELETE", "/user/*") },
    call("digicert_subaccount", Operation::Create, "GET", "/account/subaccount"),
    call("digicert_subaccount", Operation::Create, "POST", "/account"),
    Call { afterwards: true, ..call("digicert_subaccount", Operation::Create, "GET", "/account/subaccount/*") },
    call("digicert_subaccount", Operation::Read, "GET", "/account/subaccount/*"),
    call("digicert_subaccount", Operation::Update, "PUT", "/account/subaccount/*"),
    Call { looked_for: true, ..call("digicert_user", Operation::Create, "POST", "/user") },
    Call { afterwards: true, ..call("digicert_user", Operation::Create, "GET", "/user/*") },
    Call { absence: Absent, ..call("digicert_user", Operation::Read, "GET", "/user/*") },
    Call { advisory: true, ..call("digicert_user", Operation::Update, "GET", "/user/me") },
    Call { after: 1, ..call("digicert_user", Operation::Update, "GET", "/user/*") },
    call("digicert_user", Operation::Update, "PUT", "/user/*"),
    call("digicert_user", Operation::Update, "PUT", "/user/*/role"),
    call("digicert_user", Operation::Update, "PUT", "/user/*/container-assignments"),
    Call { advisory: true, ..call("digicert_user", Operation::Delete, "GET", "/user/me") },
    Call { absence: Absent, ..call("digicert_user", Operation::Delete, "DELETE", "/user/*") },
    Call { advisory: true, ..call("digicert_organization_contacts", Operation::Create, "GET", "/account") },
    Call { advisory: true, afterwards: true, ..call("digicert_organization_contacts", Operation::Create, "GET", "/organization/*") },
    call("digicert_organization_contacts", Operation::Create, "PUT", "/organization/300001/contact"),
    Call { after: 1, afterwards: true, ..call("digicert_organization_contacts", Operation::Create, "GET", "/organization/300001") },
    Call { absence: Absent, ..call("digicert_organization_contacts", Operation::Read, "GET", "/organization/300001") },
    call("digicert_organization_contacts", Operation::Update, "PUT", "/organization/300001/contact"),
    Call { afterwards: true, ..call("digicert_organization_contacts", Operation::Update, "GET", "/organization/300001") },
    Call { absence: Absent, ..call("digicert_organization_contacts", Operation::Delete, "PUT", "/organization/300001/contact") },
    call("digicert_account_emails", Operation::Create, "PUT", "/account"),
    call("digicert_account_emails", Operation::Read, "GET", "/account"),
    call("digicert_account_emails", Operation::Update, "PUT", "/account"),
    call("digicert_division", Operation::Create, "GET", "/container/*/children"),
    call("digicert_division", Operation::Create, "GET", "/container/*/template"),
    Call { looked_for: true, ..call("digicert_division", Operation::Create, "POST", "/container/*/children") },
    Call { after: 2, afterwards: true, ..call("digicert_division", Operation::Create, "GET", "/container/*") },
    Call { afterwards: true, ..call("digicert_division", Operation::Create, "PUT", "/container/*/organization-assignments") },
    Call { absence: Absent, ..call("digicert_division", Operation::Read, "GET", "/container/*") },
    call("digicert_division", Operation::Update, "PUT", "/container/*"),
    call("digicert_division", Operation::Update, "PUT", "/container/*/allowed-domain-names"),
    call("digicert_division", Operation::Update, "PUT", "/container/*/organization-assignments"),
    Call { advisory: true, ..call("digicert_division", Operation::Delete, "GET", "/container") },
    Call { absence: Absent, ..call("digicert_division", Operation::Delete, "PUT", "/container/*/deactivate") },
    call("digicert_organization", Operation::Create, "GET", "/organization"),
    Call { looked_for: true, ..call("digicert_organization", Operation::Create, "POST", "/organization") },
    Call { afterwards: true, ..call("digicert_organization", Operation::Create, "GET", "/organization/*") },
    Call { afterwards: true, ..call("digicert_organization", Operation::Create, "GET", "/organization/*/validation") },
    Call { absence: Absent, ..call("digicert_organization", Operation::Read, "GET", "/organization/*") },
    call("digicert_organization", Operation::Read, "GET", "/organization/*/validation"),
    call("digicert_organization", Operation::Update, "GET", "/organization/*/validation"),
    Call { listed: true, ..call("digicert_organization", Operation::Update, "POST", "/organization/*/validation") },
    Call { after: 1, afterwards: true, ..call("digicert_organization", Operation::Update, "GET", "/organization/*/validation") },
    Call { absence: Absent, ..call("digicert_organization", Operation::Delete, "DELETE", "/organization/*") },
    call("digicert_account_settings", Operation::Create, "PUT", "/account/settings"),
    call("digicert_account_settings", Operation::Update, "PUT", "/account/settings"),
    call("digicert_custom_field", Operation::Create, "GET", "/account/metadata"),
    Call { listed: true, ..call("digicert_custom_field", Operation::Create, "POST", "/account/metadata") },
    Call { after: 1, afterwards: true, ..call("digicert_custom_field", Operation::Create, "GET", "/account/metadata") },
    Call { shared: true, ..call("digicert_custom_field", Operation::Read, "GET", "/account/metadata") },
    call("digicert_custom_field", Operation::Update, "PUT", "/account/metadata/*"),
    Call { absence: Absent, deactivates: true, ..call("digicert_custom_field", Operation::Delete, "DELETE", "/account/metadata/*") },
    call("digicert_subaccount_invite", Operation::Create, "GET", "/account/subaccount/invite"),
    Call { listed: true, ..call("digicert_subaccount_invite", Operation::Create, "POST", "/account/subaccount/invite") },
    Call { after: 1, afterwards: true, ..call("digicert_subaccount_invite", Operation::Create, "GET", "/account/subaccount/invite") },
    Call { shared: true, ..call("digicert_subaccount_invite", Operation::Read, "GET", "/account/subaccount/invite") },
    call("digicert_subaccount_invite", Operation::Update, "GET", "/account/subaccount/invite"),
    Call { after: 1, afterwards: true, ..call("digicert_subaccount_invite", Operation::Update, "GET", "/account/subaccount/invite") },
    Call { listed: true, absence: Fine, ..call("digicert_subaccount_invite", Operation::Update, "PUT", "/account/subaccount/invite/*/status") },
    Call { listed: true, absence: Fine, ..call("digicert_subaccount_invite", Operation::Delete, "PUT", "/account/subaccount/invite/*/status") },
    call("digicert_subaccount_invite", Operation::Delete, "GET", "/account/subaccount/invite"),
    call("digicert_webhook", Operation::Create, "GET", "/webhook"),
    Call { listed: true, returns_id: true, ..call("digicert_webhook", Operation::Create, "POST", "/webhook") },
    Call { after: 1, afterwards: true, ..call("digicert_webhook", Operation::Create, "GET", "/webhook") },
    call("digicert_webhook", Operation::Read, "GET", "/webhook"),
    call("digicert_webhook", Operation::Update, "GET", "/webhook"),
    call("digicert_webhook", Operation::Update, "PUT", "/webhook/*"),
    call("digicert_webhook", Operation::Update, "PUT", "/webhook/*/activate"),
    call("digicert_webhook", Operation::Update, "PUT", "/webhook/*/send-challenge"),
    Call { absence: Absent, ..call("digicert_webhook", Operation::Delete, "PUT", "/webhook/*/deactivate") },
];

/// The least configuration of a resource, and one with everything an update can change changed.
fn configurations(resource: &str) -> [Value; 2] {
    match resource {
        "digicert_api_key" => {
            ["first", "second"].map(|name| json!({ "user_id": "110001", "name": name }))
        }
        "digicert_service_user" => {
            let config = json!({ "email": "ci@example.com", "key_name": "first" });
            let mut second = config.clone();
            second["email"] = json!("pipeline@example.com");
            second["container_id_assignments"] = json!(["1002"]);
            [config, second]
        }
        "digicert_subaccount" => ["first", "second"].map(named_subaccount),
        "digicert_user" => {
            let mut config = json!({
                "username": "ana", "first_name": "Ana", "last_name": "Example",
                "email": "ana@example.com", "access_role_id": "5",
            });
            let first = config.clone();
            config["first_name"] = json!("Ann");
            config["access_role_id"] = json!("4");
            config["container_id_assignments"] = json!(["1002"]);
            [first, config]
        }
        "digicert_organization_contacts" => ["ada@example.com", "bo@example.com"].map(|email| {
            let contact = json!({ "first_name": "Ada", "last_name": "Example", "email": email });
            json!({ "organization_id": "300001", "technical_contact": contact })
        }),
        "digicert_account_emails" => {
            ["ada@example.com", "bo@example.com"].map(|email| json!({ "admin_emails": [email] }))
        }
        "digicert_division" => [
            json!({
                "name": "Sales", "organization_ids": ["300001"], "deletion_protection": false,
            }),
            json!({
                "name": "Sales EMEA", "organization_ids": ["300002"],
                "allowed_domain_names": ["example.com"], "deletion_protection": false,
            }),
        ],
        "digicert_organization" => [json!(null), json!(["ov"])].map(|validation_types| {
            json!({
                "name": "New Org", "address": "1 Example Street", "zip": "84043", "city": "Lehi",
                "state": "Utah", "country": "US", "telephone": "555-0100",
                "organization_contact": {
                    "first_name": "Ana", "last_name": "Example", "email": "ana@example.com",
                },
                "validation_types": validation_types, "deletion_protection": false,
            })
        }),
        "digicert_account_settings" => {
            [true, false].map(|on| json!({ "account_fund_expiry_notices": on }))
        }
        "digicert_custom_field" => ["first", "second"].map(|label| json!({ "label": label })),
        "digicert_subaccount_invite" => {
            let config = |emails| json!({ "emails": emails, "subaccount_type": "enterprise" });
            [config(json!(["ada@example.com"])), config(json!(["bo@example.com"]))]
        }
        "digicert_webhook" => [false, true].map(|active| {
            let events = if active { "domain_expired" } else { "certificate_issued" };
            json!({ "endpoint": "https://hooks.example.com", "active": active, "events": [events] })
        }),
        other => panic!("no configuration of {other}"),
    }
}

#[test]
fn every_request_with_every_fault() {
    let cases = CALLS.iter().flat_map(|call| {
        CLASSES.iter().flat_map(|class| [true, false].map(|lasting| Case { call, class, lasting }))
    });
    // For work on one resource.
    let only = std::env::var("FAULTS_OF").unwrap_or_default();
    let cases = cases.filter(|case| case.call.resource.contains(&only));
    let queue = Mutex::new(cases.filter(|case| !(case.takes_minutes() || case.is_redundant())));
    let failures = Mutex::new(Vec::new());
    let work = || {
        // A temporary guard would be held for as long as the case runs.
        let next = || queue.lock().expect("no case panics here").next();
        while let Some(case) = next() {
            let name = case.to_string();
            // A thread of its own, so that a case that fails takes no other with it.
            if std::thread::spawn(move || case.run()).join().is_err() {
                failures.lock().expect("no case panics here").push(name);
            }
        }
    };
    // Most of a case is waiting.
    std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(work))));
    let failures = failures.into_inner().expect("no case panics here");
    assert!(failures.is_empty(), "{} cases failed:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_fault_of_an_update_is_reported_by_the_cli() {
    let workspace = Workspace::new(Options::default());
    let write = |title: &str| {
        workspace.write(&format!(
            r#"
            provider "digicert" {{
              max_retries     = 0
              request_timeout = "400ms"
            }}
            resource "digicert_user" "it" {{
              username       = "ana"
              first_name     = "Ana"
              last_name      = "Example"
              email          = "ana@example.com"
              access_role_id = "5"
              job_title      = "{title}"
            }}"#
        ));
    };
    write("before");
    workspace.apply();
    for (n, class) in CLASSES.iter().enumerate().filter(|(_, class)| class.repeatable != Fine) {
        let fault = Fault::new("PUT", "/user/*", (class.kind)());
        workspace.sim.fault(if class.effect { fault.with_effect() } else { fault });
        write(&format!("title {n}"));
        let text = workspace.apply_fails();
        let says = if class.repeatable == Absent { "not_found" } else { class.says };
        assert!(
            text.contains("Cannot update digicert_user") && contains_parts(&text, says),
            "{text}"
        );
        workspace.sim.clear_faults();

        // State is as it was or as the fault left it: the next apply finds out and mends it.
        workspace.apply();
        workspace.assert_empty_plan();
        assert_eq!(workspace.state("digicert_user.it")["job_title"], format!("title {n}"));
    }
}
