//! What a look-up says when it does not find exactly one object.

use certcentral_sim::Options;

use crate::cli::Workspace;

fn fails(workspace: &Workspace, data_source: &str, arguments: &str) -> String {
    workspace.write(&format!("data \"digicert_{data_source}\" \"it\" {{\n{arguments}\n}}"));
    workspace.run(&["plan", "-no-color", "-input=false"]).failed()
}

#[test]
fn a_look_up_that_finds_nothing_names_what_it_looked_for() {
    let workspace = Workspace::new(Options::default());
    for (data_source, argument, value) in [
        ("user", "id", "4"),
        ("user", "username", "nobody"),
        ("user", "email", "nobody@example.com"),
        ("access_role", "id", "9"),
        ("access_role", "name", "Auditor"),
        ("division", "id", "4"),
        ("division", "name", "Division"),
        // The root container is no division.
        ("division", "name", "Example Parent"),
        ("organization", "id", "4"),
        ("organization", "name", "example org llc"),
        ("subaccount", "id", "4"),
        ("subaccount", "child_name", "Child"),
        ("subaccount", "organization_name", "Child"),
    ] {
        let text = fails(&workspace, data_source, &format!("{argument} = \"{value}\""));
        let noun = data_source.replace('_', " ");
        let said = format!("No {noun} with {argument} \"{value}\" exists");
        assert!(text.contains("Error: No matching object"), "{text}");
        assert!(text.contains(&said) && text.contains(&format!("Check `{argument}`.")), "{text}");
    }
}

#[test]
fn a_look_up_that_finds_several_lists_them() {
    let workspace = Workspace::new(Options::default());
    workspace.sim.with(|world| {
        for id in 110_002..110_014_u64 {
            let mut user = world.users[&110_001].clone();
            (user.id, user.username) = (id, format!("user{id}"));
            world.users.insert(id, user);
        }
        let twin = world.containers[&1002].clone();
        world.containers.insert(1004, certcentral_sim::Container { id: 1004, ..twin });
    });
    let text = fails(&workspace, "user", "email = \"admin@example.com\"");
    assert!(text.contains("13 users have email \"admin@example.com\""), "{text}");
    assert!(text.contains("- 110002: user110002 (Ada Admin, admin@example.com)"), "{text}");
    assert!(text.contains("- and 3 more"), "{text}");
    let text = fails(&workspace, "division", "name = \"Division One\"");
    assert!(text.contains("2 divisions have name \"Division One\""), "{text}");
    assert!(text.contains("- 1002: Division One - 1004: Division One"), "{text}");
}

#[test]
fn a_look_up_needs_exactly_one_argument() {
    let workspace = Workspace::new(Options::default());
    let text = fails(&workspace, "user", "");
    assert!(text.contains("Error: Missing argument"), "{text}");
    assert!(text.contains("Set one of `id`, `username`, `email`."), "{text}");
    let text = fails(&workspace, "user", "id = \"1\"\nemail = \"a@b.example\"");
    assert!(text.contains("Error: Conflicting arguments"), "{text}");
    assert!(text.contains("both `id` and `email` are set"), "{text}");
    let text = fails(&workspace, "division", "name = \"\"");
    assert!(text.contains("`name` must not be empty"), "{text}");
    assert_eq!(workspace.sim.count("GET", "/container"), 0);
}
