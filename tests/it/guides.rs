//! Guides are run: each block of Terraform in one is a whole configuration, and this applies it.
//!
//! Every block is formatted, applied to a fresh simulator that [`prepare`] has made ready for its
//! guide, and planned again in vain. A block with imports and no resources gets its configuration
//! generated first.

use std::fs;
use std::path::Path;

use certcentral_sim::{Invite, InviteStatus, Options, Subaccount, World};
use serde_json::Value;

use crate::cli::{Workspace, without_time};
use crate::{module_tests, pipelines};

/// A page of `docs/guides`.
pub(crate) struct Guide {
    /// Name of the file without `.md`.
    pub(crate) name: String,
    /// All of it.
    pub(crate) text: String,
}

/// Every guide, by name.
pub(crate) fn guides() -> Vec<Guide> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides");
    let entries = fs::read_dir(folder).expect("there are guides");
    let mut guides: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a file").display().to_string();
            Guide { name, text: fs::read_to_string(path).expect("it is text") }
        })
        .collect();
    guides.sort_by(|one, other| one.name.cmp(&other.name));
    guides
}

#[test]
fn guides_have_what_the_registry_expects() {
    for Guide { name, text } in guides() {
        let front = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n\n# "));
        let (front, body) = front.unwrap_or_else(|| panic!("{name} has no front matter and title"));
        for field in ["page_title: \"", "subcategory: \"\"", "description: |-\n  "] {
            assert!(front.contains(field), "{name} lacks {field}");
        }
        let title = body.lines().next().unwrap_or_default();
        assert!(front.contains(&format!("page_title: \"{title}\"")), "{name}: {title}");
        assert!(!blocks(&text).is_empty(), "{name} shows no configuration");
        // Whatever is not run might not work.
        assert!(!text.contains("```hcl"), "{name}: a configuration is marked ```terraform");
    }
}

#[test]
fn errors_are_called_what_their_guide_calls_them() {
    let text = guides().into_iter().find(|guide| guide.name == "errors").expect("a guide").text;
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let titles: Vec<_> = text.split("**").skip(1).step_by(2).collect();
    assert!(titles.len() > 10, "{titles:?}");
    for title in titles {
        let title = title.trim_end_matches('.');
        // The first words may be what the object is.
        let mut of_any =
            title.match_indices(' ').map(|(at, _)| format!("\"{{}}{}\"", &title[at..]));
        let is_called =
            sources.contains(&format!("{title:?}")) || of_any.any(|text| sources.contains(&text));
        assert!(is_called, "no error is called {title:?}");
    }
}

#[test]
fn guides_do_what_they_say() {
    // The one about tests is run as tests, and the one about pipelines in its pipelines.
    let elsewhere = [module_tests::GUIDE, pipelines::GUIDE];
    for Guide { name, text } in guides().into_iter().filter(|it| !elsewhere.contains(&&*it.name)) {
        for block in blocks(&text) {
            println!("{name}:\n{block}");
            run(&name, block);
        }
    }
}

#[test]
fn the_guard_of_a_second_configuration_holds_once_its_key_is_null() {
    let guides = guides();
    let guide = guides.iter().find(|guide| guide.name == "one-time-key").expect("a guide");
    let block = blocks(&guide.text)[0];
    let workspace = Workspace::new(Options::default());
    workspace.write(block);
    workspace.apply();
    let customer = "digicert_subaccount.customer";
    let id = workspace.state(customer)["id"].as_str().expect("an id").to_owned();
    // As an import without the second configuration leaves it.
    workspace.edit_state("digicert_subaccount", |instance| {
        instance["attributes"]["api_key"] = Value::Null
    });

    workspace.sim.take_requests();
    workspace.write(&block.replace("[\"admin\"]", "[\"order-users\"]"));
    let another = "`account_id` is the ID of another account";
    let text = workspace.apply_fails();
    assert!(text.contains("API key of another account") && text.contains(another), "{text}");
    workspace.forget(customer);
    let text = workspace.run(&["import", "-no-color", customer, &id]).failed();
    assert!(text.contains("API key of another account") && text.contains(another), "{text}");
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
}

#[test]
fn resources_alongside_the_other_provider_are_ours() {
    let name = "alongside-other-digicert-providers";
    let guides = guides();
    let guide = guides.iter().find(|guide| guide.name == name).expect("a guide");
    let workspace = run(name, blocks(&guide.text)[0]);
    let state = fs::read_to_string(workspace.path("terraform.tfstate")).expect("a state");
    assert!(state.contains("/certcentral/digicert"), "{state}");
    assert!(!state.contains("/digicert/digicert"), "{state}");
}

fn run(guide: &str, block: &str) -> Workspace {
    let workspace = Workspace::new(Options::default());
    prepare(guide, &workspace);
    fs::write(workspace.path("guide.tf"), block).expect("the directory is writable");
    workspace.run(&["fmt", "-check", "-diff", "guide.tf"]).succeeded();
    fs::write(workspace.path("guide.tf"), without_time(block)).expect("the directory is writable");
    if !block.contains("required_providers") {
        workspace.write("");
    }
    if block.contains("import {") && !block.contains("resource \"") {
        workspace.run(&["plan", "-no-color", "-generate-config-out=generated.tf"]).succeeded();
    }
    workspace.apply();
    workspace.assert_empty_plan();
    workspace
}

/// The text between ```` ```terraform ```` and the end of each block.
fn blocks(text: &str) -> Vec<&str> {
    let begins = text.split("```terraform\n").skip(1);
    let blocks = begins.filter_map(|rest| rest.split("```").next());
    // A query is not a configuration. `tests/it/query.rs` asks for what it lists.
    blocks
        .filter(|block| !block.lines().next().is_some_and(|it| it.ends_with(".tfquery.hcl")))
        .collect()
}

/// All sources in a folder, as one text.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("a folder of sources");
    let texts = entries.map(|entry| {
        let path = entry.expect("an entry").path();
        if path.is_dir() { sources(&path) } else { fs::read_to_string(path).expect("it is text") }
    });
    texts.collect()
}

/// Puts in place what a guide speaks of: objects at CertCentral, values of variables, other providers.
fn prepare(guide: &str, workspace: &Workspace) {
    let variables = match guide {
        "adopting-an-existing-account" => {
            workspace.sim.with(add_user);
            workspace.sim.with(invite_customers);
            workspace.sim.with(open_customer);
            return;
        }
        "authentication" => format!("digicert_api_key = {:?}", workspace.sim.api_key()),
        "one-time-key" => format!("recovery_dir = {:?}", workspace.path("recovery")),
        "alongside-other-digicert-providers" => {
            // A stand-in: the other provider is not on this machine, and its resources are not used.
            let path = workspace.path("terraform.rc");
            let settings = fs::read_to_string(&path).expect("the harness wrote it");
            let own = settings.lines().find(|line| line.contains("certcentral/digicert"));
            let other = own.expect("an override").replace("certcentral/", "digicert/");
            let begin = "dev_overrides {";
            let settings = settings.replace(begin, &format!("{begin}\n{other}"));
            return fs::write(path, settings).expect("the directory is writable");
        }
        _ => return,
    };
    fs::write(workspace.path("terraform.tfvars"), variables).expect("the directory is writable");
}

fn add_user(world: &mut World) {
    let mut user = world.users.values().next().expect("an administrator").clone();
    user.id = world.next_id();
    user.username = "bo@example.com".into();
    user.email = user.username.clone();
    world.users.insert(user.id, user);
}

fn invite_customers(world: &mut World) {
    for id in [41, 42] {
        let invite = Invite {
            id,
            account_id: world.account.id,
            email: format!("customer-{id}@example.com"),
            subaccount_type: "enterprise".into(),
            invite_note: None,
            date_created: world.now(),
            last_sent_date: world.now(),
            status: InviteStatus::Pending,
        };
        world.invites.insert(id, invite);
    }
}

/// The subaccount that people have opened by hand before they came to Terraform.
fn open_customer(world: &mut World) {
    let (id, user_id, organization_id) = (200_002, 210_002, 310_002);
    let mut user = world.users.values().next().expect("an administrator").clone();
    user.id = user_id;
    user.account_id = id;
    user.username = "cleo@example.com".into();
    user.first_name = "Cleo".into();
    user.last_name = "Example".into();
    user.email = "cleo@example.com".into();
    user.job_title = None;
    world.users.insert(user_id, user);
    let mut organization = world.organizations[&300_002].clone();
    organization.id = organization_id;
    organization.account_id = id;
    organization.name = "Customer Org".into();
    organization.address = "2 Example Street".into();
    organization.zip = "84043".into();
    organization.city = "Lehi".into();
    organization.state = "Utah".into();
    organization.country = "US".into();
    organization.telephone = None;
    world.organizations.insert(organization_id, organization);
    let subaccount = Subaccount {
        id,
        parent_account_id: world.account.id,
        account_type: "enterprise".into(),
        allowed_grandchildren: vec!["retail".into()],
        account_manager_user_id: None,
        bill_parent: false,
        enforce_bill_parent: false,
        child_name: Some("customer".into()),
        max_allowed_multi_year_plan_length: 1,
        allow_parent_order_renewal: false,
        enable_ica_selection: false,
        user_id,
        organization_id,
        date_created: world.now(),
    };
    world.subaccounts.insert(id, subaccount);
}
