//! Names of resources for awkward people.

use certcentral_sim::{Options, User};

use super::account::user;
use super::{export, files};
use crate::cli::Workspace;

#[test]
fn awkward_names_are_valid_unique_and_stable() {
    let workspace = Workspace::new(Options::default());
    let long = "x".repeat(255);
    let usernames = ["for", "4711", "...", "Ada.Lovelace", "ada_lovelace@example.com", &long];
    let ids: Vec<u64> = workspace.sim.with(|world| {
        let mut insert = |username: &str| {
            let person = User { email: "one@example.com".into(), ..user(world, username) };
            let id = person.id;
            world.users.insert(id, person);
            id
        };
        usernames.into_iter().map(&mut insert).collect()
    });
    workspace.sim.with(|world| {
        for (id, name) in [(1002, "株式会社"), (1003, "null ${x}")] {
            world.containers.get_mut(&id).expect("it exists").name = name.into();
        }
    });
    let out = workspace.path("export");
    let only = "--only=user,division";
    export(&workspace.sim, &out, &[only]).succeeded();
    let first = files(&out);
    let names = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix("resource \""));
        lines.filter_map(|line| line.split('"').nth(2)).map(str::to_owned).collect()
    };
    let expected = [
        "admin".to_owned(),
        "user_for".into(),
        "user_4711".into(),
        format!("user_{}", ids[2]),
        "ada_lovelace".into(),
        format!("ada_lovelace_{}", ids[4]),
        "x".repeat(64),
    ];
    assert_eq!(names(&first["users.tf"]), expected);
    assert_eq!(names(&first["divisions.tf"]), ["division_1002", "null_x"]);
    let plan = workspace.run(&["-chdir=export", "plan", "-input=false", "-no-color"]).succeeded();
    assert!(plan.contains("Plan: 9 to import, 0 to add, 0 to change, 0 to destroy."), "{plan}");

    // A new object changes no name.
    workspace.sim.with(|world| {
        let person = user(world, "ada.lovelace");
        world.users.insert(person.id, person);
    });
    export(&workspace.sim, &out, &[only, "--force"]).succeeded();
    let second = files(&out);
    assert_eq!(names(&second["users.tf"])[..expected.len()], expected);
    assert!(second["users.tf"].starts_with(&first["users.tf"]), "the new user is the last one");
}
