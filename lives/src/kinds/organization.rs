//! Organizations.

use serde_json::json;

use super::Kind;

pub(super) const KIND: Kind = Kind {
    is_unique: true,
    remove: Some(|world, id| drop(world.organizations.remove(&id))),
    ..Kind::new(
        "digicert_organization",
        |choose, number| {
            json!({
                "name": format!("Organization number {number}"),
                "address": "1 Example Street", "zip": "84043", "city": "Lehi", "state": "Utah", "country": "US",
                "telephone": "555-0100",
                "organization_contact": {
                    "first_name": "Ana", "last_name": "Example", "email": "ana@example.com",
                },
                "validation_types": choose.of(&[json!(null), json!(["ov"]), json!(["ov"])]),
                "deletion_protection": false,
            })
        },
        |world, number| {
            let name = format!("Organization number {number}");
            world.organizations.values().filter(|it| it.name == name).map(|it| it.id).collect()
        },
    )
};
