//! Subaccounts.

use certcentral_sim::{MailKind, Options, Sim, SubaccountListKey, SubaccountReadable};
use serde_json::{Value, json};

use crate::client::{get, post, put, raw};

/// A body with everything that is required.
pub(crate) fn subaccount(account_type: &str, organization: &str) -> Value {
    json!({
        "account_type": account_type,
        "allowed_grandchildren": ["retail"],
        "user": { "first_name": "Ada", "last_name": "Example", "email": "ada@example.com" },
        "organization": {
            "name": organization, "address": "1 Example Street", "zip": "00001",
            "city": "Exampletown", "state": "Utah", "country": "US",
        },
    })
}

fn create(sim: &Sim, account_type: &str, organization: &str) -> u64 {
    let answer = post(sim, "/account", subaccount(account_type, organization));
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["id"].as_u64().unwrap()
}

#[test]
fn a_managed_subaccount_gets_a_key_once() {
    let sim = Sim::start(Options::default()).unwrap();
    let answer = post(&sim, "/account", subaccount("managed", "Example Org"));
    assert_eq!(answer.status, 201);
    let created = answer.json();
    assert_eq!(sim.issued_keys(), [created["api_key"].as_str().unwrap()]);
    assert_eq!(created["user"]["username"], "ada@example.com");
    assert_eq!(created["organization"]["container"]["name"], "Example Org");
    assert_eq!(created.get("child_name"), None);
    assert_eq!(created.get("allowed_grandchildren"), None);
    assert_eq!(sim.with(|world| world.mails_of(MailKind::SubaccountCreated)), 1);

    let id = created["id"].as_u64().unwrap();
    let read = get(&sim, &format!("/account/subaccount/{id}")).json();
    assert_eq!(read.get("api_key"), None);
    assert_eq!(read["account_id"], id);
    assert_eq!(read["parent_account_id"], "100001");
    assert_eq!(read.get("enforce_bill_parent"), None);
    assert_eq!(read["master_user"]["email"], "ada@example.com");
    assert_eq!(read["max_allowed_multi_year_plan_length"], 3);
}

#[test]
fn only_managed_subaccounts_get_a_key() {
    let sim = Sim::start(Options::default()).unwrap();
    let created = post(&sim, "/account", subaccount("retail", "Example Org")).json();
    assert_eq!(created.get("api_key"), None);
    assert!(sim.issued_keys().is_empty());
}

#[test]
fn an_issued_key_gives_access_to_its_subaccount_only() {
    let sim = Sim::start(Options::default()).unwrap();
    let created = post(&sim, "/account", subaccount("managed", "Example Org")).json();
    let headers = [("X-DC-DEVKEY", created["api_key"].as_str().unwrap())];
    let account = raw(&sim, "GET", "/services/v2/account", &headers, "").unwrap().json();
    assert_eq!(account["id"], created["id"]);
    let list = raw(&sim, "GET", "/services/v2/account/subaccount", &headers, "").unwrap().json();
    assert_eq!(list["page"]["total"], 0);
}

#[test]
fn every_problem_is_named() {
    let sim = Sim::start(Options::default()).unwrap();
    let mut body = subaccount("partner", "Example Org");
    body["child_name"] = json!("x".repeat(65));
    body["bill_parent"] = json!("yes");
    body["colour"] = json!("red");
    body["user"]["email"] = json!("nobody");
    body["user"].as_object_mut().unwrap().remove("last_name");
    let answer = post(&sim, "/account", body);
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.codes(),
        "unknown_field|colour invalid_field|account_type invalid_field|bill_parent \
         invalid_field|child_name missing_field|user.last_name invalid_field|user.email"
    );
    assert!(sim.with(|world| world.subaccounts.is_empty()));
}

#[test]
fn four_fields_can_be_changed() {
    let sim = Sim::start(Options::default()).unwrap();
    let path = format!("/account/subaccount/{}", create(&sim, "retail", "Example Org"));
    let body =
        json!({ "child_name": "New", "bill_parent": true, "account_manager_user_id": 110001 });
    assert_eq!(put(&sim, &path, body).status, 204);
    let read = get(&sim, &path).json();
    assert_eq!((&read["child_name"], &read["bill_parent"]), (&json!("New"), &json!(true)));
    assert_eq!(read["account_manager"], "Ada Admin");

    assert_eq!(put(&sim, &path, json!({ "child_name": "Newer" })).status, 204);
    assert_eq!(get(&sim, &path).json()["account_manager"], "Ada Admin");
    assert_eq!(put(&sim, &path, json!({ "allow_removing_account_manager": true })).status, 204);
    assert_eq!(get(&sim, &path).json().get("account_manager"), None);

    let answer = put(&sim, &path, json!({ "account_type": "reseller" }));
    assert_eq!(answer.codes(), "unknown_field|account_type");
    let answer = put(&sim, &path, json!({ "account_manager_user_id": 9 }));
    assert_eq!(answer.codes(), "invalid_field|account_manager_user_id");
}

#[test]
fn a_missing_subaccount_is_not_found() {
    let sim = Sim::start(Options::default()).unwrap();
    let answer = get(&sim, "/account/subaccount/9");
    assert_eq!((answer.status, &*answer.codes()), (404, "not_found|account"));
    let sim = Sim::start(Options { bare_not_found: true, ..Options::default() }).unwrap();
    assert_eq!(get(&sim, "/account/subaccount/9").codes(), "not_found");
}

#[test]
fn lists_are_searched_sorted_and_paged() {
    let options = Options { page_limit_max: 2, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    let ids = ["Alpha Org", "Beta", "Gamma Org"].map(|name| create(&sim, "retail", name));
    let names = |query: &str| -> Vec<String> {
        let body = get(&sim, &format!("/account/subaccount{query}")).json();
        let rows = body["subaccounts"].as_array().unwrap().clone();
        rows.iter().map(|it| it["organization_name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(""), ["Alpha Org", "Beta"]);
    assert_eq!(names("?limit=1000&offset=2"), ["Gamma Org"]);
    assert_eq!(names("?limit=1&sort=-account_id"), ["Gamma Org"]);
    assert_eq!(names("?filters[search]=Beta"), ["Beta"]);
    assert_eq!(names("?filters[search]=Org"), [""; 0]);
    assert_eq!(names("?filters%5Bsearch%5D=%25Org"), ["Alpha Org", "Gamma Org"]);
    let page = get(&sim, "/account/subaccount?limit=1000&offset=1").json()["page"].clone();
    assert_eq!(page, json!({ "total": 3, "limit": 2, "offset": 1 }));
    assert!(ids[0] < ids[1]);
    assert_eq!(get(&sim, "/account/subaccount?sort=colour").status, 400);
}

#[test]
fn rows_can_have_the_child_name() {
    for has in [false, true] {
        let options = Options { subaccount_list_has_child_name: has, ..Options::default() };
        let sim = Sim::start(options).unwrap();
        let mut body = subaccount("retail", "Example Org");
        body["child_name"] = json!("Example child");
        post(&sim, "/account", body);
        let row = get(&sim, "/account/subaccount").json()["subaccounts"][0].clone();
        assert_eq!(row.get("child_name").is_some(), has);
        assert_eq!(get(&sim, "/account/subaccount?sort=child_name").status, 400);
    }
}

#[test]
fn options_change_the_spelling() {
    let sim = Sim::start(Options {
        subaccount_list_key: SubaccountListKey::ChildAccounts,
        ids_as_strings: true,
        bools_as_numbers: true,
        null_for_unset: true,
        lower_case_location: true,
        subaccount_created_with_ok: true,
        subaccount_readable: SubaccountReadable {
            max_allowed_multi_year_plan_length: false,
            allow_parent_order_renewal: true,
            enable_ica_selection: true,
            allowed_grandchildren: true,
        },
        ..Options::default()
    })
    .unwrap();
    let answer = post(&sim, "/account", subaccount("retail", "Example Org"));
    assert_eq!(answer.status, 200);
    let created = answer.json();
    assert_eq!(created["child_name"], Value::Null);
    assert_eq!(created["bill_parent"], 0);
    let id = created["id"].as_str().unwrap();
    assert_eq!(get(&sim, "/account/subaccount").json()["child_accounts"][0]["account_id"], id);
    let read = get(&sim, &format!("/account/subaccount/{id}")).json();
    assert_eq!(read["organization"]["state"], "utah");
    assert_eq!(read["organization"]["country"], "us");
    assert_eq!(read["enable_ica_selection"], 0);
    assert_eq!(read["allowed_grandchildren"], json!(["retail"]));
    assert_eq!(read["max_allowed_multi_year_plan_length"], Value::Null);
}

#[test]
fn an_account_without_subaccounts_lacks_the_permission() {
    let options = Options { subaccounts_enabled: false, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    let answer = post(&sim, "/account", subaccount("retail", "Example Org"));
    assert_eq!((answer.status, &*answer.codes()), (403, "access_denied|missing_permission"));
}
