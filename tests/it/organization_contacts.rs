//! `digicert_organization_contacts` through the real CLI.

use std::time::Duration;

use certcentral_sim::{Contact, Fault, FaultKind, Options, TechnicalContact, World};

use crate::cli::{Workspace, unwrapped};
use crate::lifecycle::Row;

/// A configuration's contact: block, first and last name, address, further arguments.
macro_rules! contact {
    ($block:literal, $first:literal, $last:literal, $email:literal, $more:literal) => {
        concat!(
            $block,
            " {\n  first_name = \"",
            $first,
            "\"\n  last_name = \"",
            $last,
            "\"\n  email = \"",
            $email,
            "\"\n  ",
            $more,
            "\n}\n"
        )
    };
}

macro_rules! organization {
    ($($argument:literal),+) => { contact!("organization_contact", $($argument),+) };
}

macro_rules! technical {
    ($($argument:literal),+) => { contact!("technical_contact", $($argument),+) };
}

/// The arguments of the first organization.
macro_rules! block {
    ($($contact:expr),+) => { concat!("organization_id = \"300001\"\n", $($contact),+) };
}

/// A change of contacts of the first organization. Every body has its fields in alphabetical order.
macro_rules! put {
    ($contact:literal $(, $other:literal)?) => {
        concat!(
            r#"PUT /organization/{id}/contact {"contacts":["#, $contact, $(",", $other,)? "]}"
        )
    };
}

mod lifecycle;
mod overwritten;
mod shared;
mod state;

#[test]
fn contacts_that_are_not_configured_are_left_alone() {
    let workspace = shown();
    workspace.sim.with(|world| first(world).technical_contact = Some(person("Tess")));
    write(&workspace, block!(organization!("Ada", "Example", "ada@example.com", "")));
    workspace.apply();
    workspace.assert_empty_plan();
    assert!(workspace.state(ADDRESS)["technical_contact"].is_null());
    workspace.sim.with(|world| first(world).technical_contact = Some(person("Tim")));
    workspace.assert_empty_plan();
    workspace.sim.with(|world| first(world).technical_contact = None);
    workspace.assert_empty_plan();
    workspace.sim.take_requests();
    workspace.destroy();
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
}

#[test]
fn contacts_of_organization_stop_being_managed_when_their_block_goes() {
    for workspace in [Workspace::new(Options::default()), shown()] {
        let both = block!(
            organization!("Ada", "Example", "ada@example.com", ""),
            technical!("Bo", "Example", "bo@example.com", "")
        );
        write(&workspace, both);
        workspace.apply();
        workspace.sim.take_requests();
        write(&workspace, block!(technical!("Bo", "Example", "bo@example.com", "")));
        let plan = unwrapped(&workspace.assert_plan());
        let warning = "The organization contact of organization 300001 is unchanged but is no longer managed.";
        assert!(plan.contains(warning), "{plan}");
        workspace.apply();
        assert_eq!(workspace.writes(""), <[&str; 0]>::default());
        workspace.assert_empty_plan();
        workspace.sim.with(|world| organization(world).first_name = "Eve".into());
        workspace.assert_empty_plan();
        let destroyed = workspace.destroy();
        assert!(!destroyed.contains("Organization contact stays"), "{destroyed}");
        let left = workspace.sim.with(|world| first(world).clone());
        assert!(left.technical_contact.is_none());
        assert_eq!(left.organization_contact.expect("it stays").first_name, "Eve");
    }
}

#[test]
fn contacts_have_another_number_when_they_are_another_person() {
    let workspace = shown();
    let number = |contact: &str| workspace.state(ADDRESS)[contact]["id"].clone();
    write(&workspace, block!(organization!("Ana", "Example", "ana@example.com", "")));
    workspace.apply();
    assert_eq!(number("organization_contact"), "184", "the same person is changed in place");
    write(
        &workspace,
        block!(
            organization!("Ana", "Example", "ana@other.example.com", ""),
            technical!("Bo", "Example", "bo@example.com", "")
        ),
    );
    let plan = workspace.assert_plan();
    assert!(plan.contains(r#"~ id         = "184" -> (known after apply)"#), "{plan}");
    workspace.apply();
    for (contact, of) in [
        ("organization_contact", (|it| organization(it).id) as fn(&mut World) -> u64),
        ("technical_contact", |it| technical(it).id),
    ] {
        assert_eq!(number(contact), workspace.sim.with(of).to_string());
    }
    write(
        &workspace,
        block!(
            organization!("Ana", "Example", "ana@other.example.com", "job_title = \"SRE\""),
            technical!("Bo", "Example", "bo@example.com", "")
        ),
    );
    let plan = workspace.assert_plan();
    assert!(!plan.contains("known after apply"), "{plan}");
}

#[test]
fn contacts_move_to_another_organization() {
    let workspace = shown();
    let contacts = block!(technical!("Bo", "Example", "bo@example.com", ""));
    write(&workspace, contacts);
    workspace.apply();
    workspace.sim.take_requests();
    write(&workspace, &contacts.replace("300001", "300002"));
    let plan = workspace.assert_plan();
    assert!(plan.contains("forces replacement"), "{plan}");
    workspace.apply();
    workspace.assert_empty_plan();
    let writes = workspace.writes("");
    let paths: Vec<_> = writes.iter().map(|it| it.split(' ').nth(1).unwrap_or_default()).collect();
    assert_eq!(paths, ["/organization/300001/contact", "/organization/300002/contact"]);
    assert!(workspace.sim.with(|world| first(world).technical_contact.is_none()));
}

#[test]
fn contacts_are_created_even_if_they_cannot_be_read_back() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, block!(organization!("Ada", "Example", "ada@example.com", "")));
    let page = FaultKind::Body { status: 200, content_type: "text/html".into(), body: "Hi".into() };
    workspace.sim.fault(Fault::new("GET", "/organization/300001", page));
    let applied = unwrapped(&workspace.apply());
    assert!(
        applied.contains("The contacts of organization 300001 were updated, but reading"),
        "{applied}"
    );
    assert!(workspace.state(ADDRESS)["organization_contact"]["id"].is_null());
    workspace.sim.clear_faults();
    workspace.assert_empty_plan();
    workspace.apply();
    let number = workspace.sim.with(|world| organization(world).id.to_string());
    assert_eq!(workspace.state(ADDRESS)["organization_contact"]["id"], number);
}

#[test]
fn contacts_of_an_organization_that_is_not_there_are_refused() {
    let workspace = Workspace::new(Options::default());
    let contacts = block!(organization!("Ada", "Example", "ada@example.com", ""));
    write(&workspace, &contacts.replace("300001", "9"));
    let failed = workspace.apply_fails();
    assert!(failed.contains("Organization not found"), "{failed}");
    assert!(failed.contains("no organization 9. Check the ID"), "{failed}");
    assert!(failed.contains(r#"organization_id = "9""#), "{failed}");
    let import = |id| workspace.run(&["import", "-no-color", ADDRESS, id]).failed();
    assert!(import("9").contains("no organization 9"));
    assert!(import("acme").contains("Invalid import ID"));
    assert!(import("0").contains("Invalid import ID"));
    assert_eq!(workspace.sim.count("GET", "/organization/0"), 0);
}

#[test]
fn contacts_that_cannot_be_are_refused_before_any_call() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, "organization_id = \"300001\"");
    assert!(workspace.apply_fails().contains("Missing contact"));
    let extension = concat!("telephone_extension = \"", "12345678901234567", "\"");
    let contact = technical!("Bo", "", "nobody", "telephone_extension = \"12345678901234567\"");
    write(&workspace, &format!("organization_id = \"Acme\"\n{contact}"));
    let failed = workspace.apply_fails();
    for part in
        ["numeric ID", "`technical_contact.email`", "`technical_contact.last_name`", extension]
    {
        assert!(failed.contains(part), "{part}: {failed}");
    }
    assert!(workspace.sim.requests().is_empty());
}

#[test]
fn contacts_of_an_organization_without_any_can_be_imported() {
    let workspace = Workspace::new(Options::default());
    let contacts = block!(organization!("Ada", "Example", "ada@example.com", ""));
    write(&workspace, &contacts.replace("300001", "300002"));
    let imported = workspace.run(&["import", "-no-color", ADDRESS, "300002"]).succeeded();
    assert!(imported.contains("No contact to import"), "{imported}");
    workspace.apply();
    workspace.assert_empty_plan();
}

/// Each of two resources reads the number of its own contact, though the other one waits to replace it.
#[test]
fn contacts_of_one_organization_are_changed_one_resource_at_a_time() {
    let workspace = shown();
    let resource = |name: &str, contact: &str| {
        format!("resource \"digicert_organization_contacts\" \"{name}\" {{\n{contact}\n}}\n")
    };
    let ada = resource("ada", block!(technical!("Ada", "Example", "ada@example.com", "")));
    let bo = resource("bo", block!(technical!("Bo", "Example", "bo@example.com", "")));
    workspace.write(&(ada + &bo));
    let slow = FaultKind::Delay(Duration::from_millis(500));
    workspace.sim.fault(Fault::new("GET", "/organization/300001", slow).times(1));
    workspace.apply();
    let number = |name: &str| {
        let state = workspace.state(&format!("digicert_organization_contacts.{name}"));
        state["technical_contact"]["id"].as_str().map(str::to_owned).expect("a number")
    };
    assert_ne!(number("ada"), number("bo"));
}

const TYPE: &str = "digicert_organization_contacts";

const ADDRESS: &str = "digicert_organization_contacts.it";

fn write(workspace: &Workspace, block: &str) {
    workspace.write_block(TYPE, block);
}

/// Where answers show the technical contact.
fn shown() -> Workspace {
    let technical_contact = TechnicalContact::Object;
    Workspace::new(Options { technical_contact, ..Options::default() })
}

fn first(world: &mut World) -> &mut certcentral_sim::Organization {
    world.organizations.get_mut(&300_001).expect("it is there")
}

fn organization(world: &mut World) -> &mut Contact {
    first(world).organization_contact.as_mut().expect("it is there")
}

fn technical(world: &mut World) -> &mut Contact {
    first(world).technical_contact.as_mut().expect("it is there")
}

fn person(first_name: &str) -> Contact {
    Contact {
        id: 999,
        first_name: first_name.into(),
        last_name: "Example".into(),
        email: "somebody@example.com".into(),
        job_title: None,
        telephone: None,
        telephone_extension: None,
        language_id: None,
    }
}
