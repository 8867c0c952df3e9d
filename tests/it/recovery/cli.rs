//! `recovery_dir` through the real CLI.

use std::path::PathBuf;

use certcentral_sim::Options;
use serde_json::Value;

use super::files;
use crate::cli::{MANAGED_SUBACCOUNT, Workspace};

/// A configuration of so many subaccounts that are alike, and a `recovery_dir` for it.
pub(super) fn workspace(count: usize) -> Workspace {
    let mut workspace = Workspace::new(Options::default());
    let folder = workspace.path("recovery");
    workspace.set("DIGICERT_RECOVERY_DIR", folder.to_str().expect("UTF-8"));
    workspace.write(&MANAGED_SUBACCOUNT.replacen('{', &format!("{{\n  count = {count}"), 1));
    workspace
}

impl Workspace {
    pub(super) fn records(&self) -> Vec<PathBuf> {
        files(&self.path("recovery"))
    }
}

#[test]
fn the_cli_gets_back_all_that_a_lost_state_had() {
    let workspace = workspace(2);
    workspace.apply();
    assert_eq!(workspace.records().len(), 2);
    std::fs::remove_file(workspace.path("terraform.tfstate")).expect("there is a state");

    let text = workspace.apply();
    assert!(text.contains("taken over from recovery_dir"), "{text}");
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
