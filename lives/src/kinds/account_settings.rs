//! The settings of the account, which cannot be read.

use serde_json::json;

use super::Kind;

pub(super) const KIND: Kind = Kind {
    objects: 1,
    can_exist_twice: true,
    ..Kind::new(
        "digicert_account_settings",
        |choose, _| {
            json!({
                "confirmation_email_recipients": choose.some(&["admin", "tech-contact", "org-contact"]),
                "account_fund_expiry_notices": choose.of(&[json!(true), json!(false), json!(null)]),
                "email_preference_org_approval": choose.of(&[json!(true), json!(false), json!(null)]),
            })
        },
        |world, _| vec![world.account.id],
    )
};
