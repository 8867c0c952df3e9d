//! `digicert_organization` through the real CLI: one life, and what cannot be changed.

mod contact;
mod create;
mod import;
mod validations;

use certcentral_sim::{Options, Organization, TechnicalContact, World};

use crate::cli::{Workspace, unwrapped};
use crate::fixtures::respelled;
use crate::lifecycle::Row;

macro_rules! block {
    ($($more:tt)*) => {
        concat!(
            "name = \"New Org\"\naddress = \"1 Example Street\"\nzip = \"84043\"\ncity = \"Lehi\"\n",
            "state = \"Utah\"\ncountry = \"US\"\ntelephone = \"555-0100\"\n",
            "deletion_protection = false\n",
            $($more)*
        )
    };
}

macro_rules! contact {
    ($email:literal) => {
        concat!(
            "organization_contact {\n first_name = \"Ana\"\n last_name = \"Example\"\n email = \"",
            $email,
            "\"\n}\n"
        )
    };
}

const ROW: Row = Row {
    resource: TYPE,
    create: (block!(contact!("ana@example.com")), &[CREATES]),
    updates: &[
        // The contact is another resource's from now on.
        (block!(contact!("bo@example.com")), &[]),
        (
            block!(contact!("ana@example.com"), "validation_types = [\"ov\"]"),
            &[r#"POST /organization/{id}/validation {"validations":[{"type":"ov"}]}"#],
        ),
        (
            block!(contact!("ana@example.com"), "validation_types = [\"smime\", \"ov\"]"),
            &[r#"POST /organization/{id}/validation {"validations":[{"type":"smime"}]}"#],
        ),
        (block!("validation_types = [\"ov\"]"), &[]),
        (
            block!(contact!("ana@example.com"), "validation_types = [\"ov\", \"ds\"]"),
            &[r#"POST /organization/{id}/validation {"validations":[{"type":"ds"}]}"#],
        ),
    ],
    respelled: r#"
        name                = "New Org"
        assumed_name        = ""
        address             = "1 Example Street"
        zip                 = "84043"
        city                = "Lehi"
        state               = "UTAH"
        country             = "us"
        telephone           = "555-0100"
        container_id        = "1001"
        deletion_protection = false
        validation_types    = ["ds", "ov"]
        organization_contact {
          first_name = "Anna"
          last_name  = "Example"
          email      = "Ana@example.com"
        }"#,
    drift: &[
        ("validations", |world| organization(world, |it| it.validations.clear())),
        ("validations", |world| organization(world, |it| it.validations.truncate(1))),
    ],
    unnoticed: &[
        |world| organization(world, |it| it.name = "Drifted".into()),
        |world| organization(world, |it| it.assumed_name = Some("Drifted".into())),
        |world| organization(world, |it| it.address2 = Some("Drifted".into())),
        |world| organization(world, |it| it.container_id = 1002),
        |world| organization(world, |it| it.organization_contact = None),
        |world| {
            organization(world, |it| (it.status, it.is_active) = ("inactive".into(), false));
        },
    ],
    removed: (|world| world.organizations.retain(|id, _| *id <= 300_002), "removed from the state"),
    import_id: |state| state["name"].as_str().expect("a name").to_owned(),
    after_import: &[],
    lost_attribute: "status",
    destroy: &["DELETE /organization/{id}"],
    left_behind: Some("Organization is deleted with its domains"),
};

const CREATES: &str = r#"POST /organization {"address":"1 Example Street","city":"Lehi","country":"us","name":"New Org","organization_contact":{"email":"ana@example.com","first_name":"Ana","last_name":"Example"},"state":"Utah","telephone":"555-0100","zip":"84043"}"#;

#[test]
fn organization_lifecycle() {
    ROW.live(Options::default());
}

#[test]
fn organization_lifecycle_where_the_api_answers_otherwise() {
    ROW.live(Options {
        bare_not_found: true,
        lower_case_location: true,
        lower_case_emails: true,
        upper_case_country_accepted: false,
        deleted_with_ok: true,
        technical_contact: TechnicalContact::List,
        pending_validation_has_date: true,
        ..respelled()
    });
}

#[test]
fn no_argument_of_an_organization_can_be_changed() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, LEAST);
    workspace.apply();
    workspace.sim.take_requests();
    for (name, value) in [
        ("name", "Other"),
        ("assumed_name", "Other"),
        ("address", "Other"),
        ("address2", "Other"),
        ("zip", "1"),
        ("city", "Other"),
        ("state", "Other"),
        ("country", "DE"),
        ("telephone", "1"),
        ("container_id", "1002"),
    ] {
        let line = |line: &&str| !line.starts_with(&format!("{name} "));
        let rest: Vec<_> = LEAST.lines().filter(line).collect();
        workspace.write_block(TYPE, &format!("{}\n{name} = {value:?}", rest.join("\n")));
        let failed = unwrapped(&workspace.plan().text);
        let said = format!("`{name}` cannot be changed after creation");
        assert!(failed.contains(&said), "{failed}");
        assert!(failed.contains("CertCentral cannot edit organizations"), "{failed}");
    }
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
}

#[test]
fn an_organization_is_protected_from_deletion() {
    let workspace = Workspace::new(Options::default());
    let protected = LEAST.replace("deletion_protection = false\n", "");
    workspace.write_block(TYPE, &protected);
    workspace.apply();
    assert_eq!(workspace.state(IT)["deletion_protection"], true);
    for arguments in [&["plan", "-destroy"][..], &["plan", "-replace=digicert_organization.it"]] {
        let failed = workspace.run(&[arguments, &["-no-color"]].concat()).failed();
        assert!(failed.contains("Object protected from deletion"), "{failed}");
        assert!(
            failed.contains("permanently deletes the organization with its domains"),
            "{failed}"
        );
    }
    // One that is gone is removed from the state all the same: it can be created again.
    workspace.sim.with(|world| world.organizations.retain(|id, _| *id <= 300_002));
    let plan = unwrapped(&workspace.assert_plan());
    assert!(plan.contains("Object not found") && plan.contains("1 to add"), "{plan}");
}

#[test]
fn a_refused_deletion_keeps_the_organization() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, &LEAST.replace("New Org", "Example Org LLC"));
    workspace.run(&["import", "-no-color", IT, "300001"]).succeeded();
    workspace.edit_state(TYPE, |it| it["attributes"]["deletion_protection"] = false.into());
    let failed =
        workspace.run(&["destroy", "-auto-approve", "-no-color", "-refresh=false"]).failed();
    assert!(failed.contains("cannot_delete_first_organization"), "{failed}");
    assert!(failed.contains("does not delete the first organization of an account"), "{failed}");
    assert_eq!(workspace.state(IT)["id"], "300001");
}

/// Changes the one organization that the test created.
fn organization(world: &mut World, change: impl FnMut(&mut Organization)) {
    world.organizations.values_mut().filter(|it| it.id > 300_002).for_each(change);
}

/// The required arguments.
const LEAST: &str = block!(contact!("ana@example.com"));

const TYPE: &str = "digicert_organization";

const IT: &str = "digicert_organization.it";
