//! Blocks of one subaccount, and the request that creates it.

pub(super) const CREATES: &str = concat!(
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

pub(super) const MANAGED: &str = block!(r#"child_name = "first""#);
pub(super) const RENAMED: &str = block!(r#"child_name = "renamed""#);
pub(super) const MANAGER: &str =
    block!("child_name = \"renamed\"\naccount_manager_user_id = \"110001\"");
pub(super) const BILLED: &str =
    block!("child_name = \"renamed\"\nbill_parent = true\nallow_parent_order_renewal = true");
pub(super) const UNPROTECTED: &str = block!(
    "child_name = \"renamed\"\nbill_parent = true\nallow_parent_order_renewal = true\ndeletion_protection = false"
);
pub(super) const RESPELLED: &str = r#"
    deletion_protection        = false
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
