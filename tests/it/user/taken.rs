//! A username that is in use: who has it, and what to do.

use certcentral_sim::{Fault, FaultKind, Options};
use serde_json::json;

use super::{ADMINISTRATOR, IT, block, people, person, write};
use crate::cli::Workspace;

#[test]
fn a_taken_username_names_its_owner_and_the_way_to_import() {
    let workspace = Workspace::new(Options::default());
    let taken = "username = \"ADMIN@example.com\"";
    write(&workspace, taken);
    let said = workspace.apply_fails();
    for part in [
        "Error: Username taken",
        "HTTP 400 from `POST user`: username_already_exists: The username ADMIN@example.com already exists",
        "belongs to user 110001 (\"Ada Admin\", \"admin@example.com\")",
        "import { to = digicert_user.example id = \"110001\" } Replace `example` with the name",
        taken,
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    // What it says to paste works, for the user it names.
    workspace.write(
        r#"
        import {
          to = digicert_user.example
          id = "110001"
        }
        resource "digicert_user" "example" {
          username       = "admin@example.com"
          first_name     = "Ada"
          last_name      = "Admin"
          email          = "admin@example.com"
          job_title      = "PKI administrator"
          access_role_id = "1"
        }"#,
    );
    let said = workspace.apply();
    assert!(said.contains("1 imported, 0 added, 0 changed"), "{said}");

    // An update meets the same.
    workspace.forget("digicert_user.example");
    write(&workspace, "");
    workspace.apply();
    write(&workspace, taken);
    let said = workspace.apply_fails();
    assert!(said.contains("belongs to user 110001 (\"Ada Admin\""), "{said}");
    assert_eq!(workspace.state(IT)["username"], "Ana@example.com");
}

#[test]
fn a_username_of_another_account_is_told_apart() {
    let options = Options { usernames_unique_everywhere: true, ..Options::default() };
    let workspace = Workspace::new(options);
    write(&workspace, "");
    workspace.apply();
    workspace.sim.with(|world| people(world, |it| it.account_id = 100_002));
    workspace.forget(IT);
    let said = workspace.apply_fails();
    assert!(said.contains("HTTP 400 from `POST user`: username_already_exists"), "{said}");
    assert!(said.contains("may be in use in another account. Choose another username"), "{said}");
}

#[test]
fn a_refusal_about_something_else_says_nothing_of_the_username() {
    for (role, more) in [("9", ""), ("5", "container_id = \"9\"")] {
        let workspace = Workspace::new(Options::default());
        workspace.write(&block(role, more));
        let said = workspace.apply_fails();
        assert!(
            said.contains("HTTP 400 from `POST user`: invalid_field|")
                && !said.contains("other user"),
            "{said}"
        );
        assert!(!said.contains("Username taken"), "{said}");
        assert_eq!(workspace.sim.count("GET", "/user"), 0, "nothing is searched");
    }
}

#[test]
fn any_refusal_that_may_be_about_the_username_looks_it_up() {
    let refusal = |status, code: &str, message: &str| FaultKind::Status {
        status,
        code: None,
        body: Some(json!({ "errors": [{ "code": code, "message": message }] })),
        retry_after: None,
    };
    for kind in [
        refusal(409, "conflict", ""),
        refusal(400, "user_name_taken", ""),
        refusal(422, "invalid", "A user with this login Already Exists."),
    ] {
        let workspace = Workspace::new(Options::default());
        workspace.sim.fault(Fault::new("POST", "/user", kind.clone()));
        write(&workspace, "username = \"admin@example.com\"");
        let said = workspace.apply_fails();
        assert!(said.contains("Error: Username taken"), "{kind:?}: {said}");
        write(&workspace, "");
        let said = workspace.apply_fails();
        assert!(said.contains("may be in use in another account"), "{kind:?}: {said}");
    }
    let workspace = Workspace::new(Options::default());
    let spelling = refusal(400, "invalid_field|username", "must not begin with a dot");
    workspace.sim.fault(Fault::new("POST", "/user", spelling));
    write(&workspace, "username = \".ana\"");
    let said = workspace.apply_fails();
    assert!(said.contains("begin with a dot") && !said.contains("another account"), "{said}");
}

#[test]
fn the_name_of_the_user_that_is_being_replaced_is_not_to_be_imported() {
    let before = "lifecycle {\n create_before_destroy = true\n}";
    let dependent = format!(
        "resource \"terraform_data\" \"dependent\" {{\n  input = {IT}.id\n  {before}\n}}\n"
    );
    // Configured for the user, and inherited from what depends on it.
    for (own, others) in [(before, ""), ("", dependent.as_str())] {
        let workspace = Workspace::new(Options::default());
        let write = |more: &str| workspace.write(&format!("{}\n{others}", block("5", more)));
        write(own);
        workspace.apply();
        let first = workspace.sim.with(|world| person(world).id);
        write(&format!("container_id = \"1002\"\n{own}"));
        let said = workspace.apply_fails();
        assert!(said.contains(&format!("belongs to user {first} (")), "{said}");
        let places = [
            "do not import it",
            "add a `moved` block",
            "remove `create_before_destroy` from this resource and from the resources that depend on it",
            "To manage a user that is not in any state, import it:",
        ]
        .map(|part| said.find(part).unwrap_or_else(|| panic!("{part}: {said}")));
        assert!(places.is_sorted(), "{said}");
        assert_eq!(workspace.sim.with(|world| person(world).id), first, "nothing was deleted");

        // What it says first is the way out.
        workspace.write(&format!(
            "{}\n{}",
            block("5", "container_id = \"1002\""),
            others.replace(before, "")
        ));
        workspace.apply();
        workspace.assert_empty_plan();
        assert_eq!(workspace.sim.with(|world| person(world).container_id), 1002);
    }
}

#[test]
fn text_of_other_users_is_shown_without_control_characters() {
    let workspace = Workspace::new(Options::default());
    workspace.sim.with(|world| {
        let administrator = world.users.get_mut(&ADMINISTRATOR).expect("it is there");
        administrator.first_name = "\u{1b}[31mAda\u{9b}".into();
        administrator.email = "\u{202e}admin@example.com".into();
    });
    write(&workspace, "username = \"admin@example.com\"");
    let said = workspace.apply_fails();
    assert!(
        said.contains(r#"("\u{1b}[31mAda\u{9b} Admin", "\u{202e}admin@example.com")"#),
        "{said}"
    );
    assert!(!said.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{said}");
}

#[test]
fn odd_rows_of_the_list_hide_nobody() {
    let workspace = Workspace::new(Options::default());
    let rows = json!([
        { "id": "no ID", "username": "somebody" },
        { "username": { "is": "odd" } },
        17,
        { "id": "110001", "username": "ADMIN@example.com", "first_name": ["Ada"], "email": null,
          "access_roles": "none", "container": { "id": "x" }, "account_id": "y" },
    ]);
    let body = json!({ "users": rows, "page": { "total": 4 } }).to_string();
    let kind = FaultKind::Body { status: 200, content_type: "application/json".into(), body };
    workspace.sim.fault(Fault::new("GET", "/user", kind));
    write(&workspace, "username = \"admin@example.com\"");
    let said = workspace.apply_fails();
    assert!(said.contains("belongs to user 110001 (\" \", \"\")"), "{said}");
}
