//! Every folder of examples holds Terraform that is formatted and valid. A new one needs no line here.

use std::fs;
use std::path::{Path, PathBuf};

use certcentral_sim::{Options, Organization};

use crate::cli::{Workspace, imports_by_identity, without_time};

#[test]
fn folders_are_formatted_and_valid() {
    let folders = folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"));
    assert!(folders.len() >= 3, "{folders:?}");
    for folder in folders {
        let workspace = Workspace::new(Options::default());
        let mut names_provider = false;
        // All files: a configuration may read others.
        for file in entries(&folder).into_iter().filter(|path| path.is_file()) {
            let text = fs::read_to_string(&file).expect("it was listed");
            names_provider |= text.contains("required_providers");
            let name = file.file_name().expect("it is a file").display().to_string();
            fs::write(workspace.path(&name), text).expect("the directory is writable");
        }
        let formatted = workspace.run(&["fmt", "-check", "-diff"]);
        assert_eq!(formatted.code, Some(0), "{}: {}", folder.display(), formatted.text);
        // A resource can have one import block at a time.
        let [by_id, by_identity] = ["import-by-string-id.tf", "import-by-identity.tf"];
        let identity = fs::read_to_string(workspace.path(by_identity)).ok();
        if identity.is_some() {
            fs::remove_file(workspace.path(by_identity)).expect("the directory is writable");
        }
        for file in entries(&workspace.path("")).into_iter().filter(|path| path.is_file()) {
            let text = fs::read_to_string(&file).expect("it was written");
            fs::write(file, without_time(&text)).expect("the directory is writable");
        }
        if !names_provider {
            // A resource's page shows the resource alone.
            workspace.write("");
        }
        let valid = workspace.run(&["validate", "-no-color"]);
        assert_eq!(valid.code, Some(0), "{}: {}", folder.display(), valid.text);
        let Some(identity) = identity else { continue };
        if !imports_by_identity() {
            println!(
                "{by_identity} in {} is only formatted: this CLI has no identities",
                folder.display()
            );
            continue;
        }
        fs::write(workspace.path(by_id), identity).expect("the directory is writable");
        let valid = workspace.run(&["validate", "-no-color"]);
        assert_eq!(valid.code, Some(0), "{}: {}", folder.display(), valid.text);
    }
}

/// The folder and those below it that hold configurations.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let below = entries(folder).into_iter().filter(|path| path.is_dir());
    let mut found: Vec<_> = below.flat_map(|path| folders(&path)).collect();
    if !configurations(folder).is_empty() {
        found.push(folder.to_owned());
    }
    found
}

fn configurations(folder: &Path) -> Vec<PathBuf> {
    let is_configuration = |path: &PathBuf| path.extension().is_some_and(|it| it == "tf");
    entries(folder).into_iter().filter(is_configuration).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("it exists");
    entries.map(|entry| entry.expect("it can be read").path()).collect()
}

#[test]
fn customers_and_users_are_onboarded_by_name() {
    let workspace = Workspace::new(Options::default());
    for file in entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/onboarding")) {
        let name = file.file_name().expect("it is a file");
        fs::copy(&file, workspace.path(&name.display().to_string())).expect("it can be written");
    }
    let configuration = fs::read_to_string(workspace.path("main.tf")).expect("it was copied");
    let has_number = |text: &str| text.bytes().any(|it| it.is_ascii_digit());
    let number = configuration.lines().find(|line| has_number(line) && !line.contains("version"));
    assert_eq!(number, None, "IDs are looked up");
    workspace.sim.with(|world| {
        let third = world.organizations[&300_002].clone();
        let name = "Example Third Org".to_owned();
        world.organizations.insert(300_003, Organization { id: 300_003, name, ..third });
    });

    let applied = workspace.apply();
    assert!(applied.contains("Apply complete! Resources: 38 added"), "{applied}");
    workspace.assert_empty_plan();
    workspace.sim.with(|world| {
        assert_eq!(world.subaccounts.len(), 5);
        let limited = world.users.values().filter(|it| it.access_role_id == 2).collect::<Vec<_>>();
        assert_eq!(limited.len(), 10);
        assert!(limited.iter().all(|it| it.container_assignments.len() == 1));
        for organization in world.organizations.values().filter(|it| it.account_id == 100_001) {
            assert!(organization.technical_contact.is_some(), "{}", organization.name);
        }
    });
}

#[test]
fn all_resources_work_together() {
    let workspace = Workspace::new(Options::default());
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/complete/main.tf");
    fs::copy(example, workspace.path("main.tf")).expect("the directory is writable");
    let variables = "account_id = \"100001\"\norganization_id = \"300001\"\n";
    fs::write(workspace.path("terraform.tfvars"), variables).expect("the directory is writable");

    let applied = workspace.apply();
    assert!(applied.contains("Apply complete! Resources: 13 added"), "{applied}");
    workspace.assert_empty_plan();
    assert_eq!(
        workspace.state("digicert_subaccount_invite.customers")["emails"][1],
        "pki@customer-two.example"
    );

    let destroyed = workspace.destroy();
    assert!(destroyed.contains("Destroy complete! Resources: 13 destroyed"), "{destroyed}");
    let left = workspace.sim.with(|world| (world.subaccounts.len(), world.users.len()));
    assert_eq!(
        left,
        (1, 2),
        "a subaccount cannot be closed; its first user and the administrator stay"
    );
}
