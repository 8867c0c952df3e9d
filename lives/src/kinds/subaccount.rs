//! Managed subaccounts, whose key is returned once and which cannot be closed.

use serde_json::json;

use super::{ADMINISTRATOR, Kind};

pub(super) const KIND: Kind = Kind {
    edit: |world, random, id| {
        if let Some(subaccount) = world.subaccounts.get_mut(&id) {
            match random.u8(..2) {
                0 => subaccount.bill_parent = !subaccount.bill_parent,
                _ => subaccount.allow_parent_order_renewal = !subaccount.allow_parent_order_renewal,
            }
        }
    },
    is_imported_by_its_id: false,
    is_unique: true,
    outlives_destroy: true,
    makes_key_of: |_, path, body| {
        let name = body["child_name"].as_str().filter(|_| path == "account")?;
        name.strip_prefix("customer-")?.parse().ok()
    },
    ..Kind::new(
        "digicert_subaccount",
        |choose, number| {
            json!({
                "account_type": "managed",
                "allowed_grandchildren": [],
                "child_name": format!("customer-{number}"),
                "bill_parent": choose.of(&[json!(null), json!(true), json!(false)]),
                "account_manager_user_id": if choose.one_in(2) {
                    json!(null)
                } else {
                    json!(choose.reference("digicert_user", ADMINISTRATOR))
                },
                "user": { "first_name": "Cy", "last_name": "Customer", "email": format!("cy-{number}@example.com") },
                "organization": {
                    "name": format!("Customer {number}"), "address": "1 Example Street", "zip": "84043",
                    "city": "Lehi", "state": "Utah", "country": "US",
                },
                "deletion_protection": false,
            })
        },
        |world, number| {
            let name = format!("customer-{number}");
            let alive =
                world.subaccounts.values().filter(|it| it.child_name.as_deref() == Some(&name));
            alive.map(|it| it.id).collect()
        },
    )
};
