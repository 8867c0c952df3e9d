//! Custom order fields: `/account/metadata`.
//!
//! <https://dev.digicert.com/certcentral-apis/services-api/account/list-custom-fields.html>,
//! <https://dev.digicert.com/zh-cn/services-api/account/add-custom-field/>

use serde_json::{Value, json};

use crate::call::Call;
use crate::permissions::check_administrator;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::{Field, Kind, UNLIMITED, check, optional, required};
use crate::world::{CustomField, World};

const WRITE: &[Field] = &[
    required("label", Kind::Text(UNLIMITED)),
    optional("is_required", Kind::Flag),
    optional("is_active", Kind::Flag),
    optional("data_type", Kind::OneOf(&["text", "int", "email_address", "email_list"])),
    optional("show_in_receipt", Kind::Flag),
];

/// Lists the fields. If there are none, the response is an empty object.
pub(super) fn list(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let mine = world.custom_fields.values().filter(|it| call.sees(it.account_id));
    let shown: Vec<Value> = mine.map(show).collect();
    Ok(Reply::ok(if shown.is_empty() { json!({}) } else { json!({ "metadata": shown }) }))
}

/// Adds a field. The response has no ID.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    check_administrator(world, call)?;
    let body = check(WRITE, &call.body)?;
    let label = body.required_text("label");
    check_label(world, call, &label, None)?;
    let id = world.next_id();
    let field = CustomField {
        id,
        account_id: call.caller.account_id,
        label,
        is_required: body.flag("is_required").unwrap_or(false),
        is_active: body.flag("is_active").unwrap_or(call.options.custom_field_active_by_default),
        data_type: body.text("data_type"),
        show_in_receipt: body.flag("show_in_receipt"),
    };
    world.custom_fields.insert(id, field);
    Ok(if call.options.custom_field_created_with_no_content {
        Reply::no_content()
    } else {
        Reply::created_silently()
    })
}

/// Changes a field.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    check_administrator(world, call)?;
    let id = find(world, call)?;
    let body = check(WRITE, &call.body)?;
    let label = body.required_text("label");
    check_label(world, call, &label, Some(id))?;
    let field = world.custom_fields.get_mut(&id).ok_or_else(|| call.missing("metadata"))?;
    field.label = label;
    if call.options.omitted_custom_field_values_reset {
        field.is_required = false;
        field.is_active = call.options.custom_field_active_by_default;
        field.data_type = None;
        field.show_in_receipt = None;
    }
    field.is_required = body.flag("is_required").unwrap_or(field.is_required);
    field.is_active = body.flag("is_active").unwrap_or(field.is_active);
    field.data_type = body.text("data_type").or_else(|| field.data_type.take());
    field.show_in_receipt = body.flag("show_in_receipt").or(field.show_in_receipt);
    let with_field = call.options.custom_field_update_returns_field;
    Ok(if with_field { Reply::ok(show(field)) } else { Reply::no_content() })
}

/// Deletes a field, unless the options say that orders have it.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    check_administrator(world, call)?;
    let id = find(world, call)?;
    if call.options.custom_field_in_use {
        let message = "The custom field is used by orders.";
        return Err(Refusal::because("custom_field_in_use", message));
    }
    world.custom_fields.remove(&id);
    Ok(Reply::deleted(call.options))
}

/// ID of a field of the caller's account.
fn find(world: &World, call: &Call<'_>) -> Result<u64, Refusal> {
    let id = call.id()?;
    let found = world.custom_fields.get(&id).filter(|it| call.sees(it.account_id));
    found.map(|it| it.id).ok_or_else(|| call.missing("metadata"))
}

/// If the options require it, labels are unique.
fn check_label(
    world: &World,
    call: &Call<'_>,
    label: &str,
    own: Option<u64>,
) -> Result<(), Refusal> {
    let mut mine = world.custom_fields.values().filter(|it| call.sees(it.account_id));
    let is_taken = mine.any(|it| it.label.eq_ignore_ascii_case(label) && Some(it.id) != own);
    if !is_taken || !call.options.custom_field_labels_unique {
        return Ok(());
    }
    let message = format!("A custom field with the label {label} already exists.");
    Err(Refusal::because("custom_field_label_exists", message))
}

fn show(it: &CustomField) -> Value {
    json!({
        "id": it.id,
        "label": it.label,
        "is_required": it.is_required,
        "is_active": it.is_active,
        "data_type": it.data_type,
        "show_in_receipt": it.show_in_receipt,
    })
}
