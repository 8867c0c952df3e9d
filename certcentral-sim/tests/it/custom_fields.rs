//! Custom order fields.

use certcentral_sim::{Options, Sim};
use serde_json::{Value, json};

use crate::client::{Answer, delete, get, post, put};

const PATH: &str = "/account/metadata";

fn start() -> Sim {
    Sim::start(Options::default()).unwrap()
}

fn create(sim: &Sim, body: Value) -> Answer {
    post(sim, PATH, body)
}

fn list(sim: &Sim) -> Vec<Value> {
    get(sim, PATH).json()["metadata"].as_array().unwrap().clone()
}

/// Path of the first field.
fn first(sim: &Sim) -> String {
    format!("{PATH}/{}", list(sim)[0]["id"])
}

#[test]
fn a_field_is_created_without_id_and_listed() {
    let sim = start();
    assert_eq!(get(&sim, PATH).json(), json!({}));
    let answer = create(&sim, json!({ "label": "Cost center" }));
    assert_eq!((answer.status, &*answer.text), (201, ""));
    create(&sim, json!({ "label": "Cost center", "data_type": "int", "show_in_receipt": true }));
    let mut fields = list(&sim);
    let ids = [fields[0]["id"].take(), fields[1]["id"].take()];
    assert_ne!(ids[0], ids[1]);
    let expected =
        json!({ "id": null, "label": "Cost center", "is_required": false, "is_active": true });
    assert_eq!(fields[0], expected);
    assert_eq!(
        (&fields[1]["data_type"], &fields[1]["show_in_receipt"]),
        (&json!("int"), &json!(true))
    );
}

#[test]
fn a_field_is_changed_and_deleted() {
    let sim = start();
    create(&sim, json!({ "label": "Cost center", "data_type": "text", "is_required": true }));
    let path = first(&sim);
    let answer = put(&sim, &path, json!({ "label": "Team", "is_active": false }));
    assert_eq!((answer.status, &*answer.text), (204, ""));
    let field = list(&sim)[0].clone();
    assert_eq!((&field["label"], &field["is_active"]), (&json!("Team"), &json!(false)));
    assert_eq!((&field["data_type"], &field["is_required"]), (&json!("text"), &json!(true)));
    assert_eq!(delete(&sim, &path).status, 204);
    assert_eq!(get(&sim, PATH).json(), json!({}));
    assert_eq!(delete(&sim, &path).codes(), "not_found|metadata");
    assert_eq!(put(&sim, &path, json!({ "label": "X" })).codes(), "not_found|metadata");
}

#[test]
fn fields_are_checked() {
    let sim = start();
    let body = json!({ "id": 1, "is_required": "1", "data_type": "date" });
    let codes =
        "unknown_field|id missing_field|label invalid_field|is_required invalid_field|data_type";
    assert_eq!(create(&sim, body).codes(), codes);
    create(&sim, json!({ "label": "Cost center" }));
    assert_eq!(put(&sim, &first(&sim), json!({ "label": "" })).codes(), "invalid_field|label");
    assert_eq!(get(&sim, "/account/metadata?limit=1").codes(), "unknown_parameter|limit");
    sim.with(|world| world.users.get_mut(&110_001).unwrap().access_role_id = 5);
    let answer = create(&sim, json!({ "label": "Team" }));
    assert_eq!((answer.status, &*answer.codes()), (403, "access_denied|missing_permission"));
}

#[test]
fn options_change_writes_of_fields() {
    let sim = Sim::start(Options {
        custom_field_active_by_default: false,
        custom_field_created_with_no_content: true,
        custom_field_update_returns_field: true,
        omitted_custom_field_values_reset: true,
        custom_field_labels_unique: true,
        deleted_with_ok: true,
        ..Options::default()
    })
    .unwrap();
    let body = json!({ "label": "Team", "is_active": true, "data_type": "text" });
    assert_eq!(create(&sim, body).status, 204);
    assert_eq!(create(&sim, json!({ "label": "TEAM" })).codes(), "custom_field_label_exists");
    let path = first(&sim);
    let answer = put(&sim, &path, json!({ "label": "Team" }));
    assert_eq!((answer.status, answer.json()), (200, list(&sim)[0].clone()));
    assert_eq!(
        (&answer.json()["is_active"], answer.json().get("data_type")),
        (&json!(false), None)
    );
    assert_eq!(delete(&sim, &path).status, 200);
}

#[test]
fn a_field_that_orders_use_cannot_be_deleted() {
    let sim = Sim::start(Options { custom_field_in_use: true, ..Options::default() }).unwrap();
    create(&sim, json!({ "label": "Team" }));
    let path = first(&sim);
    assert_eq!(delete(&sim, &path).codes(), "custom_field_in_use");
    assert_eq!(put(&sim, &path, json!({ "label": "Team", "is_active": false })).status, 204);
}
