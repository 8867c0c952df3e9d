//! `digicert_custom_field` through the real CLI, and at the protocol.

mod create;

use certcentral_sim::{CustomField, Options, World};
use serde_json::{Value, json};

use crate::cli::{Workspace, unwrapped};
use crate::fixtures::respelled;
use crate::lifecycle::Row;

const ROW: Row = Row {
    resource: TYPE,
    create: (
        r#"label = "Cost center""#,
        &[r#"POST /account/metadata {"is_active":true,"is_required":false,"label":"Cost center"}"#],
    ),
    updates: &[
        (
            r#"label = "Cost centre""#,
            &[
                r#"PUT /account/metadata/{id} {"is_active":true,"is_required":false,"label":"Cost centre"}"#,
            ],
        ),
        (
            r#"
            label       = "Cost centre"
            data_type   = "int"
            is_required = true"#,
            &[
                r#"PUT /account/metadata/{id} {"data_type":"int","is_active":true,"is_required":true,"label":"Cost centre"}"#,
            ],
        ),
        (
            r#"
            label       = "Cost centre"
            data_type   = "text"
            is_active   = false"#,
            &[
                r#"PUT /account/metadata/{id} {"data_type":"text","is_active":false,"is_required":false,"label":"Cost centre"}"#,
            ],
        ),
    ],
    respelled: r#"
        is_active = false
        data_type = "text"
        label     = "Cost centre""#,
    drift: &[
        ("label", |world| only(world).label = "Other".into()),
        ("data_type", |world| only(world).data_type = Some("email_list".into())),
        ("is_required", |world| only(world).is_required = true),
        ("is_active", |world| only(world).is_active = true),
    ],
    unnoticed: &[|world| only(world).show_in_receipt = Some(true)],
    removed: (|world| world.custom_fields.clear(), "does not exist at CertCentral any more"),
    import_id: |state| state["id"].as_str().expect("an ID").to_owned(),
    after_import: &[],
    lost_attribute: "is_required",
    destroy: &["DELETE /account/metadata/{id}"],
    left_behind: None,
};

/// The only custom field.
fn only(world: &mut World) -> &mut CustomField {
    world.custom_fields.values_mut().next().expect("a field")
}

#[test]
fn custom_field_lifecycle() {
    ROW.live(Options::default());
}

#[test]
fn custom_field_lifecycle_in_an_unkind_account() {
    ROW.live(Options {
        bare_not_found: true,
        deleted_with_ok: true,
        custom_field_active_by_default: false,
        custom_field_created_with_no_content: true,
        custom_field_update_returns_field: true,
        omitted_custom_field_values_reset: true,
        ..respelled()
    });
}

/// Adds a field outside Terraform. Returns its ID.
fn add(workspace: &Workspace, label: &str) -> u64 {
    workspace.sim.with(|world| {
        let id = world.next_id();
        let field = CustomField {
            id,
            account_id: world.account.id,
            label: label.to_owned(),
            is_required: false,
            is_active: true,
            data_type: None,
            show_in_receipt: None,
        };
        world.custom_fields.insert(id, field);
        id
    })
}

#[test]
fn an_equal_label_neither_stops_a_create_nor_is_adopted() {
    let workspace = Workspace::new(Options::default());
    let existing = add(&workspace, "Cost center");
    write(&workspace, r#"label = "Cost center""#);
    workspace.apply();
    workspace.assert_empty_plan();
    assert_ne!(workspace.state(ADDRESS)["id"], existing.to_string());
    assert_eq!(workspace.sim.with(|world| world.custom_fields.len()), 2);
}

#[test]
fn a_label_that_must_be_unique_is_refused_by_the_api() {
    let options = Options { custom_field_labels_unique: true, ..Options::default() };
    let workspace = Workspace::new(options);
    add(&workspace, "Cost center");
    write(&workspace, r#"label = "Cost center""#);
    let failed = workspace.apply_fails();
    assert!(failed.contains("custom_field_label_exists"), "{failed}");
    assert!(failed.contains("No custom field was created"), "{failed}");
}

#[test]
fn alike_fields_of_one_run_are_told_apart_and_read_from_one_list() {
    let workspace = Workspace::new(Options::default());
    workspace
        .write("resource \"digicert_custom_field\" \"it\" {\n  count = 12\n  label = \"Note\"\n}");
    workspace.apply();
    workspace.sim.take_requests();
    workspace.assert_empty_plan();
    assert_eq!(workspace.sim.count("GET", "/account/metadata"), 1);
    let state = |n: usize| workspace.state(&format!("{ADDRESS}[{n}]"))["id"].clone();
    let ids: std::collections::BTreeSet<_> = (0..12).map(|n| state(n).to_string()).collect();
    assert_eq!(ids.len(), 12);
}

#[test]
fn a_field_that_cannot_be_deleted_is_deactivated() {
    let options = Options { custom_field_in_use: true, ..Options::default() };
    let workspace = Workspace::new(options);
    write(&workspace, "label = \"Cost center\"\nis_required = true");
    workspace.apply();
    workspace.sim.take_requests();
    let destroyed = unwrapped(&workspace.destroy());
    assert!(destroyed.contains("Custom field deactivated instead of deleted"), "{destroyed}");
    assert!(destroyed.contains("(\"Cost center\"): HTTP 400"), "{destroyed}");
    let writes = workspace.writes("");
    assert!(writes[1].contains(r#"{"is_active":false,"is_required":true,"label":"Cost center"}"#));
    assert!(!workspace.sim.with(|world| only(world).is_active));
    assert!(workspace.state(ADDRESS).is_null());
}

#[test]
fn a_data_type_that_certcentral_keeps_is_an_error() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, "label = \"Cost center\"\ndata_type = \"int\"");
    workspace.apply();
    write(&workspace, r#"label = "Cost centre""#);
    let failed = workspace.apply_fails();
    assert!(failed.contains("still has the data type \"int\""), "{failed}");
    let state = workspace.state(ADDRESS);
    assert_eq!((&state["label"], &state["data_type"]), (&json!("Cost centre"), &json!("int")));

    let options = Options { omitted_custom_field_values_reset: true, ..Options::default() };
    let workspace = Workspace::new(options);
    write(&workspace, "label = \"Cost center\"\ndata_type = \"int\"");
    workspace.apply();
    write(&workspace, r#"label = "Cost center""#);
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(workspace.state(ADDRESS)["data_type"], Value::Null);
}

#[test]
fn a_field_is_imported_by_id_or_by_its_only_label() {
    let workspace = Workspace::new(Options::default());
    let id = add(&workspace, "Cost center");
    for _ in 0..12 {
        add(&workspace, "Note");
    }
    write(&workspace, r#"label = "Cost center""#);
    for (text, said) in [
        ("Note", "must match exactly one custom field by its label, but it matches"),
        ("Note", "and 2 more"),
        ("cost center", "Labels are case-sensitive"),
        ("7", "no custom field with the ID or label \"7\""),
        ("0", "must be a numeric ID"),
    ] {
        let failed = workspace.run(&["import", "-no-color", ADDRESS, text]).failed();
        assert!(failed.contains(said), "{failed}");
    }
    workspace.run(&["import", "-no-color", ADDRESS, "Cost center"]).succeeded();
    assert_eq!(workspace.state(ADDRESS)["id"], id.to_string());
    workspace.assert_empty_plan();
}

#[test]
fn fields_that_cannot_be_are_refused_before_any_call() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, "label = \"\"\ndata_type = \"date\"");
    let failed = workspace.apply_fails();
    assert!(failed.contains("`label` must not be empty"), "{failed}");
    assert!(failed.contains(r#"`data_type` must be one of "text", "int""#), "{failed}");
    assert!(workspace.sim.requests().is_empty());
}

const TYPE: &str = "digicert_custom_field";

const ADDRESS: &str = "digicert_custom_field.it";

fn write(workspace: &Workspace, block: &str) {
    workspace.write_block(TYPE, block);
}
