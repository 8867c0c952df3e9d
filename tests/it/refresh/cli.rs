//! The same through the real CLI, which decides by itself how many reads come at once.

use certcentral_sim::{Options, User};
use serde_json::{Value, json};

use crate::cli::Workspace;

#[test]
fn a_plan_of_a_thousand_users_takes_few_requests() {
    let mut workspace = Workspace::new(Options::default());
    // At the finest level, the CLI writes more about a thousand objects than it does for them.
    workspace.set("TF_LOG", "WARN");
    let write = |workspace: &Workspace, users: usize| {
        workspace.write(&format!(
            r#"resource "digicert_user" "it" {{
              for_each       = toset([for n in range({users}) : "user${{n}}"])
              username       = each.key
              first_name     = "User"
              last_name      = "Example"
              email          = "shared@example.com"
              access_role_id = "5"
            }}"#
        ));
    };
    write(&workspace, 1);
    workspace.apply();
    // A thousand creates are another test's; here they came to be by themselves.
    let path = workspace.path("terraform.tfstate");
    let text = std::fs::read_to_string(&path).expect("there is a state");
    let mut state: Value = serde_json::from_str(&text).expect("JSON");
    let instances = state["resources"][0]["instances"].as_array_mut().expect("instances");
    let first = instances[0].clone();
    workspace.sim.with(|world| {
        // Somebody has what the others lack, so that the list tells that they lack it.
        world.users.values_mut().next().expect("the administrator").telephone = Some("1".into());
        let made = world.users.last_key_value().expect("a user").1.clone();
        for n in 1..1000 {
            let (id, username) = (world.next_id(), format!("user{n}"));
            let mut instance = first.clone();
            instance["index_key"] = json!(username);
            instance["attributes"]["id"] = json!(id.to_string());
            instance["attributes"]["username"] = json!(username);
            instances.push(instance);
            world.users.insert(id, User { id, username, ..made.clone() });
        }
    });
    std::fs::write(&path, state.to_string()).expect("the folder is ours");
    write(&workspace, 1000);
    workspace.sim.take_requests();
    let begin = std::time::Instant::now();
    workspace.assert_empty_plan();
    let taken = workspace.sim.take_requests();
    // The account, a user by itself, and two pages of the list.
    // The list is read anew after a minute, which such a plan takes on a busy machine.
    let minutes = usize::try_from(begin.elapsed().as_secs() / 60).expect("not that many");
    assert!(
        taken.len() <= 4 * (minutes + 1),
        "{}: {:?}",
        taken.len(),
        &taken[..taken.len().min(20)]
    );
}

#[test]
fn a_plan_shows_drift_that_no_row_of_the_list_carries() {
    let options = Options { user_list_has_optional_fields: false, ..Options::default() };
    let workspace = Workspace::new(options);
    let write = |provider: &str| {
        workspace.write(&format!(
            r#"
            provider "digicert" {{ {provider} }}
            resource "digicert_user" "it" {{
              for_each       = toset([for n in range(5) : "user${{n}}"])
              username       = each.key
              first_name     = "User"
              last_name      = "Example"
              email          = "shared@example.com"
              access_role_id = "5"
            }}"#
        ));
    };
    write("");
    workspace.apply();
    workspace.sim.with(|world| {
        for user in world.users.values_mut().skip(1) {
            user.job_title = Some("Drifted".into());
        }
    });
    let plan = workspace.assert_plan();
    assert_eq!(plan.matches("Drifted").count(), 5, "{plan}");

    write("refresh_from_lists = true");
    let plan = workspace.plan();
    assert!(plan.text.matches("Drifted").count() <= 1, "all but a first one: {}", plan.text);
}
