//! The key that the provider itself uses.

use certcentral_sim::Options;

use super::KEY;
use crate::cli::Workspace;

#[test]
fn the_key_in_use_is_neither_rotated_nor_revoked() {
    let workspace = Workspace::new(Options::default());
    let block = |trigger: &str| {
        workspace.write_block(
            KEY,
            &format!(
                "user_id = \"110001\"\nname = \"Administrator\"\nrotation_triggers = {{ at = {trigger:?} }}"
            ),
        );
    };
    block("1");
    workspace.run(&["import", "-no-color", "digicert_api_key.it", "700001"]).succeeded();
    workspace.apply();
    workspace.assert_empty_plan();
    workspace.sim.take_requests();
    block("2");
    let text = workspace.run(&["plan", "-no-color"]).failed();
    assert!(text.contains("Error: API key in use by the provider"), "{text}");
    assert!(text.contains("This plan rotates API key \"Administrator\" of user 110001"), "{text}");
    block("1");
    let text = workspace.run(&["plan", "-no-color", "-destroy"]).failed();
    assert!(text.contains("This plan revokes API key \"Administrator\" of user 110001"), "{text}");
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
}

#[test]
fn a_key_whose_secret_is_in_the_state_is_recognized() {
    let mut workspace = Workspace::new(Options::default());
    workspace.write_block(KEY, "user_id = \"110001\"\nname = \"own\"");
    workspace.apply();
    let key = workspace.state("digicert_api_key.it")["api_key"].as_str().expect("a key").to_owned();
    workspace.set("DIGICERT_API_KEY", &key);
    let text = workspace.run(&["plan", "-no-color", "-destroy"]).failed();
    assert!(text.contains("Error: API key in use by the provider"), "{text}");
}
