//! Divisions, which can only be deactivated.

use serde_json::json;

use super::Kind;

pub(super) const KIND: Kind = Kind {
    edit: |world, random, id| {
        if let Some(container) = world.containers.get_mut(&id) {
            match random.u8(..3) {
                0 => container.description = Some("edited".into()),
                1 => container.organization_assignments = vec![300_002],
                _ => container.allowed_domain_names = Some(vec!["edited.example.com".into()]),
            }
        }
    },
    remove: Some(|world, id| {
        if let Some(container) = world.containers.get_mut(&id) {
            container.is_active = false;
        }
    }),
    is_imported_by_its_id: false,
    is_unique: true,
    outlives_destroy: true,
    ..Kind::new(
        "digicert_division",
        |choose, number| {
            json!({
                "name": format!("Division number {number}"),
                "description": choose.maybe(&["first", "second"]),
                "organization_ids": if choose.one_in(2) {
                    json!(null)
                } else {
                    json!([choose.reference("digicert_organization", "300001")])
                },
                "allowed_domain_names": if choose.one_in(2) { json!(null) } else { choose.some(&["example.com", "example.org"]) },
                "deletion_protection": false,
            })
        },
        |world, number| {
            let name = format!("Division number {number}");
            let alive = world.containers.values().filter(|it| it.name == name && it.is_active);
            alive.map(|it| it.id).collect()
        },
    )
};
