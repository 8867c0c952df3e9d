//! Custom order fields.

use serde_json::json;

use super::Kind;

pub(super) const KIND: Kind = Kind {
    edit: |world, random, id| {
        if let Some(field) = world.custom_fields.get_mut(&id) {
            match random.u8(..2) {
                0 => field.is_required = !field.is_required,
                _ => field.data_type = Some("int".into()),
            }
        }
    },
    remove: Some(|world, id| drop(world.custom_fields.remove(&id))),
    create: Some(|world| {
        let id = world.next_id();
        let field = certcentral_sim::CustomField {
            id,
            account_id: world.account.id,
            label: "of another person".into(),
            is_required: false,
            is_active: true,
            data_type: None,
            show_in_receipt: None,
        };
        world.custom_fields.insert(id, field);
        id
    }),
    is_untouched: |world, id| world.custom_fields.get(&id).is_some_and(|it| it.is_active),
    can_exist_twice: true,
    ..Kind::new(
        "digicert_custom_field",
        |choose, number| {
            json!({
                "label": format!("field-{number}"),
                "is_required": choose.of(&[json!(null), json!(true), json!(false)]),
                "is_active": choose.of(&[json!(null), json!(true), json!(false)]),
                "data_type": choose.maybe(&["text", "int"]),
            })
        },
        |world, number| {
            let label = format!("field-{number}");
            world.custom_fields.values().filter(|it| it.label == label).map(|it| it.id).collect()
        },
    )
};
