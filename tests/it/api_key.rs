//! `digicert_api_key`: life cycle, rotation under faults, and what it refuses.

mod fault;
mod grace;
mod lives;
mod own;
mod recovery;

use certcentral_sim::{ApiKeyStatus, Options, World};
use serde_json::{Value, json};

use crate::fixtures::respelled;
use crate::lifecycle::Row;

const ADMINISTRATOR: u64 = 110_001;

const ROW: Row = Row {
    resource: "digicert_api_key",
    create: (
        "user_id = \"110001\"\nname = \"pipeline\"",
        &[r#"POST /key/user/110001 {"name":"pipeline"}"#],
    ),
    updates: &[
        (
            "user_id = \"110001\"\nname = \"deploy\"\nrestricted_to_role_id = \"100\"",
            &[r#"PUT /key/{id} {"name":"deploy","restricted_to_role_id":100}"#],
        ),
        (
            "user_id = \"110001\"\nname = \"deploy\"",
            &[r#"PUT /key/{id} {"name":"deploy","restricted_to_role_id":0}"#],
        ),
        // The first value of a trigger does not rotate the key.
        ("user_id = \"110001\"\nname = \"deploy\"\nrotation_triggers = { month = \"1\" }", &[]),
        (
            "user_id = \"110001\"\nname = \"deploy\"\nrotation_triggers = { month = \"2\" }",
            &[
                r#"POST /key/user/110001 {"name":"deploy"}"#,
                r#"PUT /key/{id}/status {"status":"revoked"}"#,
            ],
        ),
        (
            "user_id = \"110001\"\nname = \"new\"\nrestricted_to_role_id = \"102\"\nrotation_triggers = { month = \"3\" }",
            &[
                r#"POST /key/user/110001 {"name":"new","restricted_to_role_id":102}"#,
                r#"PUT /key/{id}/status {"status":"revoked"}"#,
            ],
        ),
        // Nor does the removal of the triggers.
        (LAST, &[]),
    ],
    respelled: LAST,
    drift: &[
        ("name", |world| keys(world, |key| key.name = "drifted".into())),
        ("restricted_to_role_id", |world| keys(world, |key| key.restricted_to_role_id = None)),
    ],
    unnoticed: &[|world| keys(world, |key| key.last_used_date = Some(key.create_date))],
    removed: (
        |world| keys(world, |key| key.status = ApiKeyStatus::Revoked),
        "removed from the state",
    ),
    import_id: |state| state["id"].as_str().expect("an ID").to_owned(),
    after_import: &[],
    lost_attribute: "create_date",
    destroy: &[r#"PUT /key/{id}/status {"status":"revoked"}"#],
    left_behind: None,
};

const LAST: &str = "user_id = \"110001\"\nname = \"new\"\nrestricted_to_role_id = \"102\"";

/// Changes the active keys other than the provider's own.
fn keys(world: &mut World, change: impl Fn(&mut certcentral_sim::ApiKey)) {
    let others = world.api_keys.values_mut().filter(|key| key.id != 700_001);
    others.filter(|key| key.status == ApiKeyStatus::Active).for_each(change);
}

#[test]
fn lifecycle() {
    ROW.live(Options::default());
}

#[test]
fn lifecycle_where_the_api_spells_everything_otherwise() {
    ROW.live(Options {
        bare_not_found: true,
        key_list_has_revoked: false,
        key_list_user_filter: false,
        unrestricted_key_has_role: true,
        omitted_key_restriction_resets: true,
        revoked_key_can_be_activated: false,
        ..respelled()
    });
}

/// A configuration for the host.
fn config(trigger: &str, grace_period: &str) -> Value {
    json!({
        "user_id": ADMINISTRATOR.to_string(),
        "name": "pipeline",
        "rotation_triggers": { "at": trigger },
        "grace_period": grace_period,
    })
}

const KEY: &str = "digicert_api_key";

/// The active keys named `pipeline`.
fn active(world: &World) -> Vec<u64> {
    let keys = world.api_keys.values().filter(|key| key.name == "pipeline");
    keys.filter(|key| key.status == ApiKeyStatus::Active).map(|key| key.id).collect()
}
