//! `recovery_dir` through the real CLI.

use std::path::PathBuf;

use certcentral_sim::Options;
use serde_json::Value;

use super::files;
use crate::cli::Workspace;
use crate::fixtures::MANAGED_SUBACCOUNT;

/// A configuration of so many subaccounts that are alike, and a `recovery_dir` for it.
pub(super) fn workspace(count: usize) -> Workspace {
    let mut workspace = Workspace::new(Options::default());
    let folder = workspace.path("recovery");
    workspace.set("DIGICERT_RECOVERY_DIR", folder.to_str().expect("UTF-8"));
    workspace.write(&subaccounts(count));
    workspace
}

fn subaccounts(count: usize) -> String {
    MANAGED_SUBACCOUNT.replacen('{', &format!("{{\n  count = {count}"), 1)
}

impl Workspace {
    pub(super) fn records(&self) -> Vec<PathBuf> {
        files(&self.path("recovery"))
    }
}

#[test]
fn a_second_identical_subaccount_does_not_take_over_the_first() {
    let workspace = workspace(1);
    workspace.apply();
    let first = workspace.state("digicert_subaccount.it[0]");
    let id = first["id"].as_str().expect("an id");

    workspace.write(&subaccounts(2));
    let second = ["apply", "-auto-approve", "-input=false", "-no-color", TARGET];
    let text = workspace.run(&second).failed();
    assert!(text.contains("Subaccount already exists"), "{text}");
    assert!(text.contains(&format!("digicert_subaccount.example id = \"{id}\"")), "{text}");
    let [file] = &workspace.records()[..] else { panic!("{:?}", workspace.records()) };
    assert!(text.replace(' ', "").contains(file.to_str().expect("UTF-8")), "{text}");
    assert!(workspace.state("digicert_subaccount.it[1]").is_null());
    assert_eq!(workspace.state("digicert_subaccount.it[0]"), first);
    assert_eq!(workspace.sim.count("POST", "/account"), 1);

    // With the first in the plan, the state is seen to have the key, so that the record is removed.
    workspace.write(&subaccounts(1));
    workspace.assert_empty_plan();
    assert!(workspace.records().is_empty());
}

const TARGET: &str = "-target=digicert_subaccount.it[1]";

#[test]
fn a_lost_state_is_restored_from_renamed_records() {
    let workspace = workspace(2);
    workspace.apply();
    assert_eq!(workspace.records().len(), 2);
    std::fs::remove_file(workspace.path("terraform.tfstate")).expect("a state");
    let text = workspace.apply_fails().replace(' ', "");

    // Does what the error says.
    for file in workspace.records() {
        let name = file.to_str().expect("UTF-8").to_owned();
        assert!(text.contains(&name), "{name}: {text}");
        let renamed = file.with_extension("record");
        std::fs::rename(file, renamed).expect("the directory is writable");
    }
    let text = workspace.apply();
    assert!(text.contains("restored from recovery_dir"), "{text}");
    assert_eq!(workspace.sim.count("POST", "/account"), 2);
    let mut keys: Vec<_> = (0..2)
        .map(|index| {
            workspace.state(&format!("digicert_subaccount.it[{index}]"))["api_key"].clone()
        })
        .collect();
    keys.sort_by_key(Value::to_string);
    let mut issued: Vec<_> = workspace.sim.issued_keys().into_iter().map(Value::from).collect();
    issued.sort_by_key(Value::to_string);
    assert_eq!(keys, issued);
    workspace.assert_empty_plan();
    assert!(workspace.records().is_empty());
}

#[test]
fn the_directory_may_be_below_the_home_directory_but_not_relative() {
    let mut workspace = workspace(1);
    workspace.set("HOME", workspace.path("home").to_str().expect("UTF-8"));
    for relative in ["rec", "./rec", "../rec", "~", "~other/rec"] {
        workspace.set("DIGICERT_RECOVERY_DIR", relative);
        let text = workspace.apply_fails();
        assert!(text.contains("must be an absolute path or begin with ~/"), "{relative}: {text}");
        assert!(text.contains("DIGICERT_RECOVERY_DIR"), "{relative}: {text}");
    }
    assert_eq!(workspace.sim.count("POST", "/account"), 0);

    workspace.set("DIGICERT_RECOVERY_DIR", "~/rec");
    workspace.apply();
    assert_eq!(files(&workspace.path("home/rec")).len(), 1);
    assert!(!workspace.path("~").exists() && !workspace.path("rec").exists());
}
