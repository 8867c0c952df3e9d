//! `digicert_subaccount` through the real CLI.

use certcentral_sim::{Options, SubaccountListKey, World};

use crate::lifecycle::Row;

const ROW: Row = Row {
    resource: "digicert_subaccount",
    create: (MANAGED, &[CREATES]),
    updates: &[
        (RENAMED, &[r#"PUT /account/subaccount/{id} {"child_name":"renamed"}"#]),
        (MANAGER, &[r#"PUT /account/subaccount/{id} {"account_manager_user_id":110001}"#]),
        (RENAMED, &[r#"PUT /account/subaccount/{id} {"allow_removing_account_manager":true}"#]),
        (
            BILLED,
            &[
                r#"PUT /account/subaccount/{id} {"allow_parent_order_renewal":true,"bill_parent":true}"#,
            ],
        ),
    ],
    respelled: RESPELLED,
    drift: &[
        ("child_name", |world| subaccounts(world, |it| it.child_name = Some("drifted".into()))),
        ("bill_parent", |world| subaccounts(world, |it| it.bill_parent = false)),
    ],
    unnoticed: &[
        |world| {
            let organizations: Vec<_> =
                world.subaccounts.values().map(|it| it.organization_id).collect();
            for id in organizations {
                let organization = world.organizations.get_mut(&id).expect("it is there");
                organization.name = "Renamed by its own people".into();
                organization.telephone = Some("555-0199".into());
            }
        },
        |world| {
            let users: Vec<_> = world.subaccounts.values().map(|it| it.user_id).collect();
            for id in users {
                world.users.get_mut(&id).expect("it is there").first_name = "Grace".into();
            }
        },
        |world| subaccounts(world, |it| it.max_allowed_multi_year_plan_length = 2),
    ],
    removed: (|world| world.subaccounts.clear(), "there is no subaccount"),
    import_id: |state| state["id"].as_str().expect("an id").to_owned(),
    after_import: &[r#"PUT /account/subaccount/{id} {"allow_parent_order_renewal":true}"#],
    lost_attribute: "date_created",
    destroy: &[],
    left_behind: Some("Subaccount stays open"),
};

#[test]
fn lifecycle() {
    ROW.live(Options::default());
}

#[test]
fn lifecycle_where_the_api_spells_everything_otherwise() {
    ROW.live(Options {
        ids_as_strings: true,
        bools_as_numbers: true,
        null_for_unset: true,
        lower_case_emails: true,
        lower_case_location: true,
        subaccount_list_key: SubaccountListKey::ChildAccounts,
        subaccount_created_with_ok: true,
        ..Options::default()
    });
}

fn subaccounts(world: &mut World, change: impl FnMut(&mut certcentral_sim::Subaccount)) {
    world.subaccounts.values_mut().for_each(change);
}

const CREATES: &str = concat!(
    r#"POST /account {"account_type":"managed","allowed_grandchildren":["retail"],"#,
    r#""child_name":"first","organization":{"address":"1 Example Street","city":"Lehi","country":"US","#,
    r#""name":"Example Org","state":"Utah","zip":"84043"},"#,
    r#""user":{"email":"Ada@example.com","first_name":"Ada","last_name":"Example"}}"#
);

macro_rules! block {
    ($changes:literal) => {
        concat!(
            $changes,
            r#"
            account_type          = "managed"
            allowed_grandchildren = ["retail"]
            user {
              first_name = "Ada"
              last_name  = "Example"
              email      = "Ada@example.com"
            }
            organization {
              name    = "Example Org"
              address = "1 Example Street"
              zip     = "84043"
              city    = "Lehi"
              state   = "Utah"
              country = "US"
            }"#
        )
    };
}

const MANAGED: &str = block!(r#"child_name = "first""#);
const RENAMED: &str = block!(r#"child_name = "renamed""#);
const MANAGER: &str = block!("child_name = \"renamed\"\naccount_manager_user_id = \"110001\"");
const BILLED: &str =
    block!("child_name = \"renamed\"\nbill_parent = true\nallow_parent_order_renewal = true");
const RESPELLED: &str = r#"
    child_name                 = "renamed"
    bill_parent                = true
    allow_parent_order_renewal = true
    account_type               = "managed"
    allowed_grandchildren      = ["retail"]
    user {
      first_name = "Ada"
      last_name  = "Example"
      email      = "ADA@EXAMPLE.com"
    }
    organization {
      name    = "Example Org"
      address = "1 Example Street"
      zip     = "84043"
      city    = "Lehi"
      state   = "UTAH"
      country = "us"
    }"#;
