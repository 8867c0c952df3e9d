//! The e-mail addresses of the account.

use serde_json::json;

use super::Kind;

pub(super) const KIND: Kind = Kind {
    objects: 1,
    edit: |world, random, _| {
        world.account.admin_email = Some(format!("other-{}@example.com", random.u8(..3)));
    },
    can_exist_twice: true,
    ..Kind::new(
        "digicert_account_emails",
        |choose, _| {
            json!({
                "admin_emails": choose.some(&["ada@example.com", "bo@example.com", "cy@example.com"]),
                "emergency_emails": if choose.one_in(2) { json!(null) } else { choose.some(&["di@example.com", "ed@example.com"]) },
            })
        },
        |world, _| vec![world.account.id],
    )
};
