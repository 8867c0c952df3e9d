//! Data sources, through the real CLI.

mod errors;
pub(crate) mod plan;

use certcentral_sim::{Options, ServiceUsersPath, World};
use serde_json::{Value, json};

use crate::cli::Workspace;
use crate::fixtures::respelled;

/// One of each, and nothing else.
const ALL: &str = r#"
data "digicert_account" "it" {}
data "digicert_current_user" "it" {}
data "digicert_access_role" "it" { name = "standard user" }
data "digicert_access_roles" "it" { container_id = "1002" }
data "digicert_division" "it" { name = "Division One" }
data "digicert_divisions" "it" { parent_id = "1001" }
data "digicert_user" "it" { username = "ANA@example.com" }
data "digicert_users" "it" {}
data "digicert_users" "searched" {
  search       = "%ana"
  container_id = "1001"
  status       = "active"
}
data "digicert_service_users" "it" { search = "%ci" }
data "digicert_organization" "it" { name = "Example Org LLC" }
data "digicert_organizations" "it" {
  status              = "active"
  include_validations = true
}
data "digicert_subaccount" "it" { child_name = "Child" }
data "digicert_subaccount" "organization" { organization_name = "Customer LLC" }
data "digicert_subaccounts" "it" { account_type = "managed" }
data "digicert_subaccount_invites" "it" { status = "pending" }
data "digicert_subaccount_invites" "email" { email = "b@customer.example" }
data "digicert_api_keys" "it" { user_id = "110001" }
"#;

/// A user, a service user, a subaccount and two invites.
fn populate(world: &mut World) {
    let mut ana = world.users[&110_001].clone();
    (ana.id, ana.username, ana.email) =
        (110_010, "ana@example.com".into(), "ana@example.com".into());
    (ana.first_name, ana.access_role_id) = ("Ana".into(), 5);
    ana.container_assignments = vec![1002];
    let mut service = ana.clone();
    (service.id, service.username, service.email) =
        (110_009, "0a1b".into(), "ci@example.com".into());
    (service.is_api_only, service.container_assignments) = (true, Vec::new());
    (service.first_name, service.last_name) = ("Service".into(), "User".into());
    world.users.extend([ana, service].map(|user| (user.id, user)));
}

const CREATE: &str = r#"
resource "digicert_subaccount" "it" {
  account_type        = "managed"
  child_name          = "Child"
  deletion_protection = false
  user {
    first_name = "Cy"
    last_name  = "Customer"
    email      = "cy@customer.example"
  }
  organization {
    name    = "Customer LLC"
    address = "1 Example Street"
    zip     = "84043"
    city    = "Lehi"
    state   = "Utah"
    country = "US"
  }
}
resource "digicert_subaccount_invite" "it" {
  emails          = ["a@customer.example", "b@customer.example"]
  subaccount_type = "enterprise"
  invite_note     = "Welcome"
}
"#;

/// Reads all of them in an account with these options, and returns the workspace.
fn read_all(options: Options) -> Workspace {
    let workspace = Workspace::new(options);
    workspace.sim.with(populate);
    workspace.write(CREATE);
    workspace.apply();
    workspace.write(&format!("{CREATE}{ALL}"));
    workspace.sim.take_requests();
    workspace.apply();
    assert_eq!(workspace.writes(""), <[&str; 0]>::default(), "a data source only reads");
    workspace.assert_empty_plan();
    workspace
}

fn data(workspace: &Workspace, name: &str) -> Value {
    workspace.state(&format!("data.digicert_{name}"))
}

#[test]
fn every_data_source_is_read() {
    let workspace = read_all(Options::default());
    let data = |name: &str| data(&workspace, name);
    let account = data("account.it");
    assert_eq!(account["id"], "100001");
    assert_eq!(account["root_container_id"], "1001");
    assert_eq!(account["admin_emails"], json!(["pki@example.com"]));
    assert_eq!(data("current_user.it")["username"], "admin@example.com");
    let role = data("access_role.it");
    assert_eq!((&role["id"], &role["container_id"]), (&json!("5"), &json!("1001")));
    assert_eq!(data("access_roles.it")["ids"][0], "1");
    assert_eq!(data("division.it")["id"], "1002");
    assert_eq!(data("divisions.it")["ids"], json!(["1002", "1003"]));
    let ana = data("user.it");
    assert_eq!((&ana["id"], &ana["username"]), (&json!("110010"), &json!("ANA@example.com")));
    assert_eq!(ana["container_id_assignments"], json!(["1002"]));
    let users = data("users.it");
    assert_eq!(users["ids"][0], "110001");
    assert_eq!(users["users"][0]["access_role_id"], "1");
    assert_eq!(data("users.searched")["ids"], json!(["110010"]));
    let service_users = data("service_users.it");
    assert_eq!(service_users["service_users"][0]["email"], "ci@example.com");
    let organization = data("organization.it");
    assert_eq!(
        (&organization["id"], &organization["container_id"]),
        (&json!("300001"), &json!("1001"))
    );
    assert_eq!(data("organizations.it")["organizations"][0]["validations"], json!([]));
    let subaccount = data("subaccount.it");
    assert_eq!(subaccount["organization"]["name"], "Customer LLC");
    assert!(subaccount.get("api_key").is_none() && subaccount.get("deletion_protection").is_none());
    assert_eq!(data("subaccount.organization")["id"], subaccount["id"]);
    assert_eq!(data("subaccounts.it")["ids"], json!([subaccount["id"]]));
    let invites = data("subaccount_invites.it");
    assert_eq!(invites["invites"][0]["subaccount_type"], "enterprise");
    assert_eq!(data("subaccount_invites.email")["invites"][0]["email"], "b@customer.example");
    let keys = data("api_keys.it");
    assert_eq!(keys["api_keys"][0]["user_id"], "110001");
    assert!(keys["api_keys"][0].get("api_key").is_none());
}

/// Where DigiCert's documentation is silent, every answer is read.
#[test]
fn every_data_source_is_read_from_unkind_answers() {
    let workspace = read_all(Options {
        page_limit_max: 1,
        user_list_has_service_users: true,
        user_list_status_filter: false,
        user_list_has_optional_fields: false,
        key_list_user_filter: false,
        container_list_has_details: false,
        service_users_path: ServiceUsersPath::ServiceUser,
        service_user_list_has_assignments: false,
        account_has_undocumented_fields: false,
        subaccount_list_has_child_name: true,
        ..respelled()
    });
    let data = |name: &str| data(&workspace, name);
    assert_eq!(data("account.it")["root_container_id"], Value::Null);
    assert_eq!(data("access_role.it")["container_id"], "1001", "found among the containers");
    assert_eq!(data("division.it")["id"], "1002");
    assert_eq!(data("divisions.it")["divisions"][0]["is_active"], true);
    assert_eq!(data("user.it")["container_id_assignments"], json!(["1002"]));
    assert_eq!(data("users.searched")["ids"], json!(["110010"]));
    assert_eq!(data("service_users.it")["ids"], json!(["110009"]));
    assert_eq!(data("organizations.it")["ids"].as_array().map(Vec::len), Some(2));
    assert_eq!(data("subaccounts.it")["ids"].as_array().map(Vec::len), Some(1));
    assert_eq!(data("subaccount_invites.it")["ids"].as_array().map(Vec::len), Some(2));
    let keys = data("api_keys.it");
    assert_eq!(keys["api_keys"][0]["user_id"], "110001");
}
