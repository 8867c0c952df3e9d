//! The plan of a create names what the organization has and the apply overwrites.

use certcentral_sim::{Fault, FaultKind, Options};
use serde_json::json;

use super::{TYPE, first, organization, person, shown, write};
use crate::cli::{Workspace, unwrapped};
use crate::host::{Host, Object};

const WARNING: &str = "Warning: Existing contact overwritten";

#[test]
fn the_plan_of_a_create_names_the_values_that_get_lost() {
    let workspace = Workspace::new(Options::default());
    let grace = block!(organization!("Grace", "Example", "ANA@example.com", "telephone = \"1\""));
    write(&workspace, grace);
    let lost = "Organization 300001 already has this contact, and creating this resource overwrites it: the apply \
                replaces first_name \"Ana\", telephone \"555-0100\" and clears job_title \"SRE\", \
                telephone_extension \"12\".";
    let plan = unwrapped(&workspace.assert_plan());
    assert!(plan.contains(WARNING) && plan.contains(lost), "{plan}");
    assert!(
        plan.contains("first_name = \"Grace\" Organization"),
        "it points at the argument: {plan}"
    );
    let applied = unwrapped(&workspace.apply());
    assert!(applied.contains(lost), "{applied}");

    // It is the object's own contact now.
    let replaced = "-replace=digicert_organization_contacts.it";
    for arguments in [&["plan", "-no-color"][..], &["plan", "-no-color", replaced]] {
        let plan = unwrapped(&workspace.run(arguments).succeeded());
        assert!(!plan.contains(WARNING), "{plan}");
    }
    write(&workspace, &grace.replace("Grace", "Ada"));
    assert!(!unwrapped(&workspace.assert_plan()).contains(WARNING), "an update shows it itself");
}

#[test]
fn each_contact_that_is_shown_and_planned_is_looked_at() {
    let workspace = shown();
    workspace.sim.with(|world| first(world).technical_contact = Some(person("Tess")));
    let technical = block!(technical!("Bo", "Example", "bo@example.com", ""));
    write(&workspace, technical);
    let plan = unwrapped(&workspace.assert_plan());
    let lost = "the apply replaces first_name \"Tess\", email \"somebody@example.com\". To keep";
    assert!(plan.contains(lost), "{plan}");
    assert!(!plan.contains("SRE"), "the other one is left alone: {plan}");
    // Nothing is lost where there was nothing, or where all of it is configured.
    let second = technical.replace("300001", "300002");
    let same = block!(organization!(
        "Ana",
        "Example",
        "ana@example.com",
        "job_title = \"SRE\"\ntelephone = \"555-0100\"\ntelephone_extension = \"12\"\nlanguage_id = \"1\""
    ));
    for block in [&second, same] {
        write(&workspace, block);
        assert!(!unwrapped(&workspace.assert_plan()).contains(WARNING));
    }
}

#[test]
fn the_plan_goes_on_where_the_organization_cannot_be_read() {
    let grace = block!(organization!("Grace", "Example", "grace@example.com", ""));
    let page = FaultKind::Body { status: 200, content_type: "text/html".into(), body: "Hi".into() };
    for kind in [
        FaultKind::status(403),
        FaultKind::status(404),
        FaultKind::status(503),
        FaultKind::Reset,
        FaultKind::OtherObject { id: 300_002 },
        page,
    ] {
        let workspace = Workspace::new(Options::default());
        let resource = "resource \"digicert_organization_contacts\" \"it\"";
        workspace.write(&format!(
            "provider \"digicert\" {{\n  max_retries = 0\n}}\n{resource} {{\n{grace}\n}}"
        ));
        workspace.sim.fault(Fault::new("GET", "/organization/*", kind.clone()));
        let plan = workspace.assert_plan();
        assert!(!plan.contains(WARNING), "{kind:?}: {plan}");
        workspace.sim.clear_faults();
        workspace.apply();
    }
}

#[test]
fn an_organization_that_is_not_known_yet_is_looked_at_in_the_apply() {
    let workspace = Workspace::new(Options::default());
    let grace = block!(organization!("Grace", "Example", "grace@example.com", ""));
    let unknown = grace.replace("\"300001\"", "terraform_data.organization.output");
    workspace.write(&format!(
        "resource \"terraform_data\" \"organization\" {{\n  input = \"300001\"\n}}\n\
         resource \"digicert_organization_contacts\" \"it\" {{\n{unknown}\n}}"
    ));
    let plan = workspace.assert_plan();
    assert!(!plan.contains(WARNING), "{plan}");
    assert_eq!(workspace.sim.count("GET", "/organization"), 0);
    let applied = unwrapped(&workspace.apply());
    assert!(applied.contains("replaces first_name \"Ana\""), "{applied}");
}

#[test]
fn text_of_the_old_contact_is_shown_without_control_characters() {
    let workspace = Workspace::new(Options::default());
    workspace.sim.with(|world| organization(world).first_name = "\u{1b}[2JAna".into());
    write(&workspace, block!(organization!("Grace", "Example", "ana@example.com", "")));
    let plan = unwrapped(&workspace.assert_plan());
    assert!(plan.contains(r#"first_name "\u{1b}[2JAna""#) && !plan.contains('\u{1b}'), "{plan}");
}

#[tokio::test]
async fn a_plan_without_a_usable_key_asks_nobody() {
    let mut host = Host::unconfigured(&[]).await;
    let contact = json!({ "first_name": "Bo", "last_name": "Example", "email": "bo@example.com" });
    let config = json!({ "organization_id": "300001", "technical_contact": contact });
    let planned = host.plan(TYPE, &Object::default(), Some(&config)).await.succeeded();
    assert_eq!(planned.attributes["organization_id"], "300001");
    assert_eq!(planned.warnings, Vec::<String>::new());
}
