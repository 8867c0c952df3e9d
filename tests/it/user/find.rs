//! Import takes an id, a username or an address, and never the wrong user.

use certcentral_sim::{Fault, FaultKind, Options, World};

use super::{ADMINISTRATOR, IT, block, import};
use crate::cli::Workspace;

#[test]
fn an_import_names_one_person() {
    for user_list_has_service_users in [false, true] {
        let options =
            Options { user_list_has_service_users, page_limit_max: 2, ..Options::default() };
        let workspace = Workspace::new(options);
        workspace.sim.with(populate);
        workspace.write(&block("5", ""));
        for (id, expected) in [
            ("200001", Ok("200001")),
            (" 200001 ", Ok("200001")),
            ("ana", Ok("200001")),
            ("ANA@Example.com", Ok("200001")),
            // The address of a person and of a service user.
            ("bo@example.com", Ok("200002")),
            (
                "cy@example.com",
                Err(
                    "matches user 200002 (\"Bo Example\", \"bo@example.com\") and user 200003 (\"Cy Example\", \"cy@example.com\")",
                ),
            ),
            ("shared@example.com", Err("must match exactly one user")),
            ("200009", Err("Error: Service user")),
            (
                "0000000000000000000000000002000a",
                Err(if user_list_has_service_users {
                    "Error: Service user"
                } else {
                    "Error: User not found"
                }),
            ),
            ("300000", Err("Error: User not found")),
            ("an", Err("no user with the ID, username or e-mail address \"an\"")),
            ("%ana", Err("Error: User not found")),
            ("007", Err("Error: Invalid import ID")),
            ("0", Err("Error: Invalid import ID")),
            ("18446744073709551616", Err("Error: Invalid import ID")),
            ("٣", Err("Error: User not found")),
        ] {
            let ran = import(&workspace, id);
            match expected {
                Ok(expected) => {
                    ran.succeeded();
                    assert_eq!(workspace.state(IT)["id"], expected, "{id}");
                    workspace.forget(IT);
                }
                Err(expected) => {
                    let said = ran.failed();
                    assert!(said.contains(expected), "{id}: {said}");
                }
            }
        }
        assert_eq!(workspace.writes(""), <[&str; 0]>::default());
    }
}

#[test]
fn service_users_are_told_by_name_where_their_list_is_elsewhere() {
    let html = |status| FaultKind::Body {
        status,
        content_type: "application/json".into(),
        body: r#"{"service_users": [], "errors": [{"code": "not_found|route", "message": "no"}]}"#
            .into(),
    };
    for status in [200, 404] {
        let workspace = Workspace::new(Options::default());
        workspace.sim.with(populate);
        workspace.write(&block("5", ""));
        workspace.sim.fault(Fault::new("GET", "/user/api-only", html(status)));
        let said = import(&workspace, "200009").failed();
        assert!(said.contains("Error: Service user"), "{said}");
        import(&workspace, "ana").succeeded();
    }
}

/// People and two service users; Bo signs in with the address of Cy.
fn populate(world: &mut World) {
    for (id, username, first_name, email, is_api_only) in [
        (200_001, "ana", "Ana", "ana@example.com", false),
        (200_002, "cy@example.com", "Bo", "bo@example.com", false),
        (200_003, "cy", "Cy", "cy@example.com", false),
        (200_005, "eve", "Eve", "shared@example.com", false),
        (200_004, "dee", "Dee", "shared@example.com", false),
        (200_009, "000000000000000000000000000200009", "Service", "bo@example.com", true),
        (200_010, "0000000000000000000000000002000a", "Service", "ana2@example.com", true),
    ] {
        let mut user = world.users[&ADMINISTRATOR].clone();
        user.id = id;
        user.username = username.into();
        user.first_name = first_name.into();
        user.last_name = if is_api_only { "User" } else { "Example" }.into();
        user.email = email.into();
        user.is_api_only = is_api_only;
        world.users.insert(id, user);
    }
}

/// What a plan with imports asks for: pages of users, single users, searches, and lists of service users.
fn requests_of_imports(by: impl Fn(String) -> String) -> [usize; 4] {
    let workspace = Workspace::new(Options { page_limit_max: 25, ..Options::default() });
    workspace.sim.with(|world| {
        let administrator = world.users.get_mut(&110_001).expect("the administrator");
        administrator.telephone = Some("555-0100".into());
    });
    let imports = crate::data_sources::plan::imports(&workspace, 60);
    workspace.write(&by(imports));
    workspace.sim.take_requests();
    let plan = workspace.plan();
    assert!(plan.text.contains("60 to import, 0 to add, 0 to change"), "{}", plan.text);
    let requests = workspace.sim.take_requests();
    let count = |is: &dyn Fn(&str, &str) -> bool| {
        requests.iter().filter(|it| is(&it.path, &it.query)).count()
    };
    [
        count(&|path, query| path == "/user" && !query.contains("search")),
        count(&|path, _| path.starts_with("/user/20")),
        count(&|path, query| path == "/user" && query.contains("search")),
        count(&|path, _| path == "/user/api-only"),
    ]
}

#[test]
fn many_imports_cost_what_refreshes_cost() {
    let [pages, singles, searches, services] = requests_of_imports(|imports| imports);
    assert_eq!((pages, searches, services), (3, 0, 1), "61 users on pages of 25");
    assert!(singles <= 6, "{singles}");

    let by_name = |imports: String| {
        let lines = imports.lines().map(|line| match line.strip_prefix("  id = \"200") {
            Some(rest) => {
                let number: u32 = rest.trim_end_matches('"').parse().expect("a number");
                format!("  id = \"user{number}@example.com\"\n")
            }
            None => format!("{line}\n"),
        });
        lines.collect()
    };
    let [pages, singles, searches, services] = requests_of_imports(by_name);
    assert_eq!((pages, services), (3, 1));
    assert!(singles <= 6 && searches <= 6, "{singles}, {searches}");
}
