//! Accounts.

use certcentral_sim::{Options, Sim};
use serde_json::json;

use crate::client::{get, post, raw};

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
