//! API keys, which rotate.

use certcentral_sim::ApiKeyStatus;
use serde_json::json;

use super::{ADMINISTRATOR, Kind};

pub(super) const KIND: Kind = Kind {
    objects: 3,
    edit: |world, random, id| {
        if let Some(key) = world.api_keys.get_mut(&id) {
            key.restricted_to_role_id = [None, Some(101), Some(103)][random.usize(..3)];
        }
    },
    remove: Some(|world, id| {
        if let Some(key) = world.api_keys.get_mut(&id) {
            key.status = ApiKeyStatus::Revoked;
        }
    }),
    create: Some(|world| {
        let administrator = ADMINISTRATOR.parse().expect("an ID");
        world.add_key(administrator, "of another person").0
    }),
    is_untouched: |world, id| world.api_keys[&id].status == ApiKeyStatus::Active,
    can_exist_twice: true,
    is_imported_by_its_id: false,
    makes_key_of: |_, path, body| {
        let name = body["name"].as_str().filter(|_| path.starts_with("key/user/"))?;
        name.strip_prefix("key-")?.parse().ok()
    },
    ..Kind::new(
        "digicert_api_key",
        |choose, number| {
            json!({
                "user_id": choose.reference("digicert_service_user", ADMINISTRATOR),
                "name": format!("key-{number}"),
                "restricted_to_role_id": choose.of(&[json!(null), json!(null), json!("101"), json!("102")]),
                "rotation_triggers": choose.of(&[
                    json!(null), json!({ "round": "1" }), json!({ "round": "2" }), json!({ "round": "3" }),
                ]),
                "grace_period": choose.of(&[json!(null), json!(null), json!("8760h")]),
            })
        },
        |world, number| {
            let name = format!("key-{number}");
            let alive = |it: &&certcentral_sim::ApiKey| {
                it.name == name
                    && it.status == ApiKeyStatus::Active
                    && world.users.contains_key(&it.user_id)
            };
            world.api_keys.values().filter(alive).map(|it| it.id).collect()
        },
    )
};
