//! Users.

use serde_json::json;

use super::Kind;

pub(super) const KIND: Kind = Kind {
    objects: 4,
    edit: |world, random, id| {
        if let Some(user) = world.users.get_mut(&id) {
            match random.u8(..4) {
                0 => user.job_title = Some("edited".into()),
                1 => user.access_role_id = 5,
                2 => user.container_assignments = vec![1003],
                _ => user.first_name = "Edited".into(),
            }
        }
    },
    create: Some(|world| {
        let id = world.next_id();
        let mut user = world.users.values().next().expect("an administrator").clone();
        (user.id, user.username) = (id, format!("other-{id}@example.com"));
        world.users.insert(id, user);
        id
    }),
    is_untouched: |world, id| world.users.get(&id).is_some_and(|it| it.access_role_id == 1),
    remove: Some(|world, id| drop(world.users.remove(&id))),
    ..Kind::new(
        "digicert_user",
        |choose, number| {
            json!({
                "username": format!("user-{number}@example.com"),
                "email": format!("user-{number}@example.com"),
                "first_name": choose.of(&["Ana", "Anna"]),
                "last_name": "Example",
                "job_title": choose.maybe(&["SRE", "CISO"]),
                "telephone": choose.maybe(&["555-0100", "555-0101"]),
                "access_role_id": choose.of(&["3", "4", "5"]),
                "container_id": if choose.one_in(6) { json!("1002") } else { json!(null) },
                "container_id_assignments": if choose.one_in(2) {
                    json!(null)
                } else {
                    json!([choose.reference("digicert_division", "1003")])
                },
            })
        },
        |world, number| {
            let username = format!("user-{number}@example.com");
            world.users.values().filter(|it| it.username == username).map(|it| it.id).collect()
        },
    )
};
