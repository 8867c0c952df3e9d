//! `digicert_subaccount` through the real CLI.

mod blocks;

use std::time::Duration;

use certcentral_sim::{Fault, FaultKind, MailKind, Options, SubaccountListKey, World};

use self::blocks::*;
use crate::cli::Workspace;
use crate::fixtures::respelled;
use crate::lifecycle::Row;

const ROW: Row = Row {
    resource: "digicert_subaccount",
    create: (MANAGED, &[CREATES]),
    updates: &[
        (RENAMED, &[r#"PUT /account/subaccount/{id} {"child_name":"renamed"}"#]),
        (MANAGER, &[r#"PUT /account/subaccount/{id} {"account_manager_user_id":110001}"#]),
        (RENAMED, &[r#"PUT /account/subaccount/{id} {"allow_removing_account_manager":true}"#]),
        (
            BILLED,
            &[
                r#"PUT /account/subaccount/{id} {"allow_parent_order_renewal":true,"bill_parent":true}"#,
            ],
        ),
        (UNPROTECTED, &[]),
    ],
    respelled: RESPELLED,
    drift: &[
        ("child_name", |world| subaccounts(world, |it| it.child_name = Some("drifted".into()))),
        ("bill_parent", |world| subaccounts(world, |it| it.bill_parent = false)),
    ],
    unnoticed: &[
        |world| {
            let organizations: Vec<_> =
                world.subaccounts.values().map(|it| it.organization_id).collect();
            for id in organizations {
                let organization = world.organizations.get_mut(&id).expect("it is there");
                organization.name = "Renamed by its own people".into();
                organization.telephone = Some("555-0199".into());
            }
        },
        |world| {
            let users: Vec<_> = world.subaccounts.values().map(|it| it.user_id).collect();
            for id in users {
                world.users.get_mut(&id).expect("it is there").first_name = "Grace".into();
            }
        },
        |world| subaccounts(world, |it| it.max_allowed_multi_year_plan_length = 2),
    ],
    removed: (|world| world.subaccounts.clear(), "has no subaccount"),
    import_id: |state| state["id"].as_str().expect("an id").to_owned(),
    after_import: &[r#"PUT /account/subaccount/{id} {"allow_parent_order_renewal":true}"#],
    lost_attribute: "date_created",
    destroy: &[],
    left_behind: Some("Subaccount stays open"),
};

#[test]
fn lifecycle() {
    ROW.live(Options::default());
}

#[test]
fn lifecycle_where_the_api_spells_everything_otherwise() {
    ROW.live(Options {
        lower_case_emails: true,
        lower_case_location: true,
        subaccount_list_key: SubaccountListKey::ChildAccounts,
        subaccount_created_with_ok: true,
        ..respelled()
    });
}

#[test]
fn the_key_is_shown_once_and_kept_ever_after() {
    let workspace = workspace(MANAGED);
    let applied = workspace.apply();
    assert!(
        applied.contains("+ api_key                            = (sensitive value)"),
        "{applied}"
    );
    let key = workspace.sim.issued_keys().pop().expect("a key was handed out");
    for _ in 0..10 {
        workspace.run(&["refresh", "-no-color"]).succeeded();
    }
    workspace.assert_empty_plan();
    assert_eq!(workspace.state(IT)["api_key"], key);
    assert_eq!(workspace.sim.count("POST", "/account"), 1);
}

#[test]
fn other_types_have_no_key() {
    let workspace = workspace(&MANAGED.replace("\"managed\"", "\"enterprise\""));
    workspace.apply();
    workspace.assert_empty_plan();
    assert!(workspace.state(IT)["api_key"].is_null());
    assert!(workspace.sim.issued_keys().is_empty());
}

#[test]
fn what_cannot_be_changed_is_refused_in_the_plan() {
    let workspace = workspace(MANAGED);
    workspace.apply();
    workspace.sim.take_requests();
    for (old, new, line, says) in [
        (
            "\"Example Org\"",
            "\"Other\"",
            "name    = \"Other\"",
            "`organization.name` cannot be changed after creation",
        ),
        (
            "\"managed\"",
            "\"retail\"",
            "account_type          = \"retail\"",
            "`account_type` cannot be changed after creation",
        ),
        (
            "[\"retail\"]",
            "[]",
            "allowed_grandchildren = []",
            "(current value: [\"retail\"], configured: [])",
        ),
        (
            "first_name = \"Ada\"",
            "first_name = \"Ida\"",
            "first_name = \"Ida\"",
            "`user.first_name` cannot be changed",
        ),
        (
            "zip     =",
            "address2 = \"x\"\nzip =",
            "address2 = \"x\"",
            "(current value: null, configured: ",
        ),
    ] {
        write(&workspace, &MANAGED.replace(old, new));
        let plan = workspace.plan();
        assert_eq!(plan.code, Some(1), "{}", plan.text);
        assert!(plan.text.contains(line), "the line of the edit is named: {}", plan.text);
        let text = crate::cli::unwrapped(&plan.text);
        assert!(text.contains(says), "{text}");
        assert!(
            text.contains("another resource block") && text.contains("-refresh=false"),
            "{text}"
        );
    }
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
}

#[test]
fn a_lost_state_opens_nothing_twice() {
    let workspace = workspace(MANAGED);
    workspace.apply();
    let id = workspace.state(IT)["id"].as_str().expect("an id").to_owned();
    workspace.forget(IT);

    // Another case of the first user's address is the same user.
    write(&workspace, &MANAGED.replace("Ada@example.com", "ADA@example.com"));
    let text = workspace.apply_fails();
    assert!(text.contains("Subaccount already exists"), "{text}");
    assert!(
        text.contains(&format!("import {{ to = digicert_subaccount.example id = \"{id}\" }}")),
        "{text}"
    );
    assert!(text.contains("a different child_name"), "{text}");

    // A second one is had by another name; other accounts of the organization are no obstacle.
    write(&workspace, &MANAGED.replace("\"first\"", "\"second\""));
    workspace.apply();
    assert_eq!(workspace.sim.count("POST", "/account"), 2);
    assert_eq!(workspace.sim.with(|world| world.mails_of(MailKind::SubaccountCreated)), 2);
}

#[test]
fn one_run_may_open_many_that_are_alike() {
    // More than Terraform does at once, so that some are looked for while others are being created.
    let workspace = workspace(&format!("count = 13\n{MANAGED}"));
    let late = FaultKind::Delay(Duration::from_millis(40));
    workspace.sim.fault(Fault::new("POST", "/account", late).with_effect());
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(workspace.sim.with(|world| world.subaccounts.len()), 13);
}

#[test]
fn a_debugged_provider_remembers_what_it_created_for_one_run_only() {
    let mut workspace = workspace(MANAGED);
    let _debugged = workspace.debug();
    workspace.apply();
    workspace.forget(IT);
    let text = workspace.apply_fails();
    assert!(text.contains("Subaccount already exists"), "{text}");
    assert_eq!(workspace.sim.with(|world| world.subaccounts.len()), 1);
}

#[test]
fn a_child_name_that_is_omitted_agrees_with_any() {
    let workspace = workspace(MANAGED);
    workspace.apply();
    workspace.forget(IT);
    write(&workspace, &MANAGED.replace("child_name = \"first\"", ""));
    let text = workspace.apply_fails();
    assert!(text.contains("Subaccount already exists"), "{text}");
}

#[test]
fn an_import_by_child_name_needs_one_exact_match() {
    let both = format!("count = 2\n{MANAGED}");
    let workspace = workspace(&both);
    workspace.apply();
    let first = workspace.state(&format!("{IT}[0]"))["id"].as_str().expect("an ID").to_owned();
    workspace.forget(IT);
    write(&workspace, MANAGED);
    let text = workspace.run(&["import", "-no-color", IT, "first"]).failed();
    assert!(text.contains("must match exactly one subaccount") && text.contains(&first), "{text}");
    let id: u64 = first.parse().expect("digits");
    let named = |world: &mut World| {
        world.subaccounts.get_mut(&id).expect("there").child_name = Some("own".into())
    };
    workspace.sim.with(named);
    workspace.run(&["import", "-no-color", IT, "own"]).succeeded();
    assert_eq!(workspace.state(IT)["id"], first);
}

#[test]
fn six_mistakes_are_six_errors_and_no_request() {
    let workspace = workspace(
        r#"
        account_type           = "partner"
        allowed_grandchildren  = ["retail", "gigantic"]
        child_name             = ""
        account_manager_user_id = "ada"
        max_allowed_multi_year_plan_length = 7
        user {
          first_name = "Ada"
          last_name  = "Example"
          email      = "ada at example.com"
        }
        organization {
          name    = "Example Org"
          address = "1 Example Street"
          zip     = "84043"
          city    = "Lehi"
          state   = "Utah"
          country = "US"
        }"#,
    );
    let validated = workspace.run(&["validate", "-no-color"]);
    let planned = workspace.plan();
    for ran in [validated, planned] {
        assert_eq!(ran.code, Some(1), "{}", ran.text);
        assert_eq!(ran.text.matches(": Invalid argument value").count(), 6, "{}", ran.text);
        for line in [
            r#"account_type           = "partner""#,
            r#"allowed_grandchildren  = ["retail", "gigantic"]"#,
            r#"child_name             = """#,
            r#"account_manager_user_id = "ada""#,
            "max_allowed_multi_year_plan_length = 7",
            r#"email      = "ada at example.com""#,
        ] {
            assert!(ran.text.contains(line), "{line}: {}", ran.text);
        }
    }
    assert!(workspace.sim.requests().is_empty());
}

#[test]
fn allowed_grandchildren_that_are_omitted_are_none() {
    let workspace = workspace(&MANAGED.replace("allowed_grandchildren = [\"retail\"]", ""));
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(workspace.state(IT)["allowed_grandchildren"], serde_json::json!([]));
    assert!(workspace.writes("")[0].contains(r#""allowed_grandchildren":[]"#));
}

#[test]
fn a_country_that_is_no_code_opens_nothing() {
    let workspace = workspace(&MANAGED.replace("\"US\"", "\"USA\""));
    let text = workspace.apply_fails();
    assert!(text.contains("`organization.country` must be a two-letter country code"), "{text}");
    assert!(workspace.sim.requests().is_empty());
}

#[test]
fn an_import_adopts_what_cannot_be_read() {
    let workspace = workspace(MANAGED);
    workspace.apply();
    let id = workspace.state(IT)["id"].as_str().expect("an id").to_owned();
    workspace.forget(IT);
    workspace.sim.take_requests();
    let import = format!("import {{\n  to = {IT}\n  id = {id:?}\n}}");
    let configured = MANAGED.replace("zip ", "address2 = \"back yard\"\nzip ");
    workspace
        .write(&format!("resource \"digicert_subaccount\" \"it\" {{\n{configured}\n}}\n{import}"));
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
    let state = workspace.state(IT);
    assert_eq!(state["allowed_grandchildren"], serde_json::json!(["retail"]));
    assert_eq!(state["organization"]["address2"], "back yard");
    assert!(state["api_key"].is_null(), "an import brings no key");

    // Adopted once, it is as fixed as if it had been made so.
    write(&workspace, &configured.replace("back yard", "front yard"));
    assert_eq!(workspace.plan().code, Some(1));
}

/// Terraform loses the private data where the provider dies in an update.
#[test]
fn without_private_data_what_was_never_read_is_adopted() {
    let workspace = workspace(MANAGED);
    workspace.apply();
    workspace.edit_state("digicert_subaccount", |instance| {
        instance.as_object_mut().expect("an instance").remove("private");
        let attributes = &mut instance["attributes"];
        attributes["allowed_grandchildren"] = serde_json::Value::Null;
    });
    workspace.sim.take_requests();
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(workspace.state(IT)["allowed_grandchildren"], serde_json::json!(["retail"]));
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
}

#[test]
fn an_import_of_nothing_says_so() {
    let workspace = workspace(MANAGED);
    for (id, says) in [
        ("999", "no subaccount with the ID \"999\""),
        ("nobody", "no subaccount with the child_name \"nobody\""),
        ("", "must be a numeric ID"),
    ] {
        let text = workspace.run(&["import", "-no-color", IT, id]).failed();
        assert!(text.contains(says), "{text}");
    }
}

/// A workspace whose only resource is the subaccount of this block.
fn workspace(block: &str) -> Workspace {
    let workspace = Workspace::new(Options::default());
    write(&workspace, block);
    workspace
}

fn write(workspace: &Workspace, block: &str) {
    workspace.write_block("digicert_subaccount", block);
}

const IT: &str = "digicert_subaccount.it";

fn subaccounts(world: &mut World, change: impl FnMut(&mut certcentral_sim::Subaccount)) {
    world.subaccounts.values_mut().for_each(change);
}
