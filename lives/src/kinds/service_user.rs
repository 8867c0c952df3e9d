//! Service users, whose first key is returned once.

use serde_json::json;

use super::Kind;

pub(super) const KIND: Kind = Kind {
    edit: |world, _, id| {
        if let Some(user) = world.users.get_mut(&id) {
            user.container_assignments = vec![1003];
        }
    },
    remove: Some(|world, id| drop(world.users.remove(&id))),
    can_exist_twice: true,
    is_imported_by_its_id: false,
    makes_key_of: |_, path, body| {
        let email = body["email"].as_str().filter(|_| path == "user")?;
        email.strip_prefix("service-")?.strip_suffix("@example.com")?.parse().ok()
    },
    ..Kind::new(
        "digicert_service_user",
        |choose, number| {
            json!({
                "email": format!("service-{number}@example.com"),
                "key_name": "first",
                "container_id_assignments": if choose.one_in(2) { json!(null) } else { choose.some(&["1002", "1003"]) },
            })
        },
        |world, number| {
            let email = format!("service-{number}@example.com");
            let alive = world.users.values().filter(|it| it.is_api_only && it.email == email);
            alive.map(|it| it.id).collect()
        },
    )
};
