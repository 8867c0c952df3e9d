//! Accounts.

use certcentral_sim::{Options, Sim};
use serde_json::{Value, json};

use crate::client::{Answer, get, post, put, raw};

#[test]
fn the_account_is_read() {
    let sim = Sim::start(Options::default()).unwrap();
    let read = get(&sim, "/account").json();
    let expected = json!({
        "id": 100_001, "make_renewal_calls": true, "express_install_enabled": false,
        "admin_email": "pki@example.com", "display_rep": true, "balance_negative_limit": 0,
        "cert_transparency": "embed", "cert_central_type": "enterprise", "root_container_id": 1001,
        "primary_organization_id": 300_001, "primary_organization_name": "Example Org LLC",
        "billing_account_id": 100_001, "billing_account_name": "Example Parent",
    });
    assert_eq!(read, expected);
    sim.with(|world| world.account.admin_email = None);
    assert_eq!(get(&sim, "/account").json().get("admin_email"), None);
}

#[test]
fn undocumented_fields_may_be_absent() {
    let options = Options { account_has_undocumented_fields: false, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    let read = get(&sim, "/account").json();
    assert_eq!(read.as_object().unwrap().len(), 8, "{read}");
}

#[test]
fn a_subaccount_has_its_own_organization_and_may_pay_itself() {
    let sim = Sim::start(Options::default()).unwrap();
    for bill_parent in [true, false] {
        let mut body = crate::subaccounts::subaccount("managed", "Customer");
        body["bill_parent"] = json!(bill_parent);
        let created = post(&sim, "/account", body).json();
        let headers = [("X-DC-DEVKEY", created["api_key"].as_str().unwrap())];
        let read = raw(&sim, "GET", "/services/v2/account", &headers, "").unwrap().json();
        assert_eq!(read["primary_organization_id"], created["organization"]["id"]);
        let billed = if bill_parent { json!(100_001) } else { created["id"].clone() };
        assert_eq!(read["billing_account_id"], billed);
        assert_eq!(read["is_reseller_customer"], false);
    }
}

fn admin_email(sim: &Sim) -> Value {
    get(sim, "/account").json()["admin_email"].clone()
}

fn update(sim: &Sim, admin_email: Option<&str>, emergency_emails: Option<&str>) -> Answer {
    let mut body = json!({ "admin_email": admin_email, "emergency_emails": emergency_emails });
    body.as_object_mut().unwrap().retain(|_, it| !it.is_null());
    put(sim, "/account", body)
}

#[test]
fn the_addresses_in_a_request_are_replaced() {
    let sim = Sim::start(Options::default()).unwrap();
    let answer = update(&sim, Some("a@example.com, b@example.com"), Some("c@example.com"));
    assert_eq!((answer.status, &*answer.text), (204, ""));
    assert_eq!(admin_email(&sim), "a@example.com, b@example.com");
    assert_eq!(get(&sim, "/account").json().get("emergency_emails"), None);
    assert_eq!(update(&sim, None, Some("d@example.com")).status, 204);
    assert_eq!(admin_email(&sim), "a@example.com, b@example.com");
    let emergency = sim.with(|world| world.account.emergency_emails.clone());
    assert_eq!(emergency.as_deref(), Some("d@example.com"));
}

#[test]
fn addresses_are_checked() {
    let sim = Sim::start(Options::default()).unwrap();
    let long = format!("{}@example.com", "a".repeat(244));
    for (admin, code) in [
        ("", "invalid_field|admin_email"),
        ("a@example.com,,b@example.com", "invalid_field|admin_email"),
        ("a@example.com; b@example.com", "invalid_field|admin_email"),
        (&*long, "invalid_field|admin_email"),
    ] {
        assert_eq!(update(&sim, Some(admin), None).codes(), code, "{admin}");
    }
    assert_eq!(update(&sim, None, Some(&long)).status, 204);
    let list = json!({ "admin_email": ["a@example.com"], "rep_email": "a@example.com" });
    let codes = "unknown_field|rep_email invalid_field|admin_email";
    assert_eq!(put(&sim, "/account", list).codes(), codes);
    assert_eq!(admin_email(&sim), "pki@example.com");
}

#[test]
fn options_change_what_an_omitted_or_empty_address_means() {
    let options = Options { admin_email_required: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    assert_eq!(update(&sim, None, None).codes(), "missing_field|admin_email");

    let options = Options { omitted_account_email_clears: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    update(&sim, None, Some("c@example.com"));
    assert_eq!(admin_email(&sim), Value::Null);

    let options = Options { empty_account_email_accepted: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    assert_eq!(update(&sim, Some(""), None).status, 204);
    assert_eq!(admin_email(&sim), Value::Null);
}

#[test]
fn a_subaccount_has_addresses_of_its_own() {
    let sim = Sim::start(Options::default()).unwrap();
    let created = post(&sim, "/account", crate::subaccounts::subaccount("managed", "Org")).json();
    let key = ("X-DC-DEVKEY", created["api_key"].as_str().unwrap());
    let headers = [key, ("Content-Type", "application/json")];
    let body = json!({ "admin_email": "child@example.com" }).to_string();
    assert_eq!(raw(&sim, "PUT", "/services/v2/account", &headers, &body).unwrap().status, 204);
    let inside = raw(&sim, "GET", "/services/v2/account", &[key], "").unwrap().json();
    assert_eq!(inside["admin_email"], "child@example.com");
    assert_eq!(admin_email(&sim), "pki@example.com");
}
