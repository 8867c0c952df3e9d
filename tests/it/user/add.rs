//! Users are made once, whatever becomes of the answer.

use certcentral_sim::{Fault, FaultKind, MailKind, Options, UserManagement, World};
use serde_json::Value;

use super::{ADMINISTRATOR, IT, block, import, people, person, text, write};
use crate::cli::Workspace;
use crate::lifecycle::Elsewhere;

#[test]
fn a_lost_answer_makes_no_second_user() {
    let status = FaultKind::status;
    let foreign = |body: &str| FaultKind::Body {
        status: 200,
        content_type: "text/html".into(),
        body: body.into(),
    };
    // (what goes wrong, whether the request had its effect, requests it then takes)
    for (kind, effect, posts) in [
        (FaultKind::Reset, true, 1),
        (FaultKind::Reset, false, 2),
        (status(503), true, 1),
        (status(504), false, 2),
        (FaultKind::Truncated { bytes: 3 }, true, 1),
        (foreign("<h1>Sorry</h1>"), true, 1),
        (foreign(r#"{"id": null}"#), true, 1),
        (foreign(""), true, 1),
    ] {
        let case = format!("{kind:?}, effect: {effect}");
        let workspace = Workspace::new(Options { lower_case_emails: true, ..Options::default() });
        let fault = Fault::new("POST", "/user", kind).times(1);
        workspace.sim.fault(if effect { fault.with_effect() } else { fault });
        write(&workspace, "job_title = \"SRE\"\ncontainer_id_assignments = [\"1002\"]");
        let said = workspace.apply();
        assert_eq!(workspace.sim.count("POST", "/user"), posts, "{case}");
        assert_eq!(said.contains("Warning: User adopted"), effect, "{case}: {said}");
        let made = workspace.sim.with(|world| (person(world).id, mails(world)));
        assert_eq!(
            made,
            (workspace.state(IT)["id"].as_str().and_then(|it| it.parse().ok()).unwrap_or(0), 1)
        );
        workspace.assert_empty_plan();
    }
}

/// The answer of a list that does not show the new user yet.
fn nobody() -> FaultKind {
    let body = r#"{"users": [], "page": {"total": 0, "limit": 1000, "offset": 0}}"#;
    FaultKind::Body { status: 200, content_type: "application/json".into(), body: body.into() }
}

#[test]
fn a_user_that_is_listed_late_is_adopted_when_the_next_request_meets_it() {
    // The second time, the list lags behind even when the second request is refused.
    for lag in [1, 3] {
        let workspace = Workspace::new(Options::default());
        workspace.sim.fault(Fault::new("POST", "/user", FaultKind::Reset).with_effect().times(1));
        workspace.sim.fault(Fault::new("GET", "/user", nobody()).times(lag));
        write(&workspace, "");
        let said = workspace.apply();
        assert!(said.contains("Warning: User adopted"), "{said}");
        assert_eq!(workspace.sim.count("POST", "/user"), 2);
        workspace.sim.with(|world| {
            assert_eq!((person(world).username.as_str(), mails(world)), ("Ana@example.com", 1));
        });
        workspace.assert_empty_plan();
    }
}

#[test]
fn a_success_without_an_id_is_never_sent_again() {
    let answer = |status, body: &str| FaultKind::Body {
        status,
        content_type: "application/json".into(),
        body: body.into(),
    };
    for kind in [answer(201, ""), answer(200, "{}"), answer(201, r#"{"id":"x"}"#), answer(303, "")]
    {
        // The user was created, and the list shows it late.
        let case = format!("{kind:?}");
        let workspace = Workspace::new(Options::default());
        let fault = || Fault::new("POST", "/user", kind.clone()).times(1);
        workspace.sim.fault(fault().with_effect());
        workspace.sim.fault(Fault::new("GET", "/user", nobody()).times(2));
        write(&workspace, "");
        let said = workspace.apply();
        assert!(said.contains("Warning: User adopted"), "{case}: {said}");
        assert_eq!(workspace.sim.count("POST", "/user"), 1, "{case}");
        workspace.assert_empty_plan();

        // Nobody was created, or nobody is listed: only a person can tell.
        let workspace = Workspace::new(Options::default());
        workspace.sim.fault(fault());
        workspace
            .write(&format!("provider \"digicert\" {{\n  max_retries = 1\n}}\n{}", block("5", "")));
        let said = workspace.apply_fails();
        assert!(said.contains("Error: User may have been created"), "{case}: {said}");
        assert!(said.contains("Wait some minutes and run the apply again"), "{case}: {said}");
        assert_eq!(workspace.sim.count("POST", "/user"), 1, "{case}");
        assert_eq!(workspace.sim.count("GET", "/user"), 2, "{case}");
        workspace.apply();
    }
}

#[test]
fn nobody_is_adopted_who_may_be_somebody_else() {
    let cases: [(&str, Elsewhere); 5] = [
        ("another name", |world| people(world, |it| it.first_name = "Anna".into())),
        ("a job nobody asked for", |world| people(world, |it| it.job_title = Some("Boss".into()))),
        ("another role", |world| people(world, |it| it.access_role_id = 1)),
        ("without limits", |world| people(world, |it| it.container_assignments.clear())),
        ("a service user", |world| people(world, |it| it.is_api_only = true)),
    ];
    for (case, change) in cases {
        let workspace =
            Workspace::new(Options { user_list_has_service_users: true, ..Options::default() });
        write(&workspace, "container_id_assignments = [\"1002\"]");
        workspace.apply();
        let id = text(&workspace.state(IT)["id"]);
        workspace.forget(IT);
        workspace.sim.with(change);
        workspace.sim.fault(Fault::new("POST", "/user", FaultKind::Reset).times(1));
        workspace.sim.take_requests();
        let said = workspace.apply_fails();
        assert!(said.contains("Error: User may have been created"), "{case}: {said}");
        assert!(said.contains(&format!("belongs to user {id} (")), "{case}: {said}");
        assert!(said.contains(&format!("id = {id:?}")), "{case}: {said}");
        assert_eq!(workspace.sim.count("POST", "/user"), 1, "{case}");
        assert!(workspace.state(IT).is_null(), "{case}");
    }
}

#[test]
fn what_cannot_be_cleared_up_is_told() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, "");
    workspace.sim.fault(Fault::new("POST", "/user", FaultKind::Reset).with_effect().times(1));
    workspace.sim.fault(Fault::new("GET", "/user", FaultKind::status(400)).times(1));
    let said = workspace.apply_fails();
    assert!(said.contains("Error: User may have been created"), "{said}");
    assert!(
        said.contains("Searching for the username failed as well: HTTP 400 from `GET user`"),
        "{said}"
    );
    assert_eq!(workspace.sim.count("POST", "/user"), 1);

    // The next run finds out.
    let said = workspace.apply_fails();
    let id = workspace.sim.with(|world| person(world).id).to_string();
    assert!(
        said.contains("Error: Username taken") && said.contains(&format!("id = {id:?}")),
        "{said}"
    );

    workspace.sim.with(|world| world.users.retain(|id, _| *id == ADMINISTRATOR));
    workspace.sim.fault(Fault::new("POST", "/user", FaultKind::Reset));
    workspace
        .write(&format!("provider \"digicert\" {{\n  max_retries = 1\n}}\n{}", block("5", "")));
    workspace.sim.take_requests();
    let said = workspace.apply_fails();
    assert!(said.contains("so the user was probably not created. Run the apply again."), "{said}");
    assert_eq!(workspace.sim.count("POST", "/user"), 2, "as often as max_retries allows");
}

#[test]
fn a_user_that_cannot_be_read_yet_is_in_the_state_all_the_same() {
    for kind in [FaultKind::status(403), FaultKind::status(404)] {
        let workspace = Workspace::new(Options::default());
        workspace.sim.fault(Fault::new("GET", "/user/*", kind).times(1));
        write(&workspace, "");
        let said = workspace.apply();
        assert!(said.contains("Warning: User not read yet"), "{said}");
        let state = workspace.state(IT);
        assert!(state["id"].is_string() && state["status"].is_null(), "{state}");
        workspace.assert_empty_plan();
        workspace.apply();
        assert_eq!(workspace.state(IT)["container_id"], "1001");
        assert_eq!(workspace.sim.count("POST", "/user"), 1);
    }
}

#[test]
fn users_managed_in_the_digicert_account_are_said_to_be() {
    let options =
        Options { user_management: UserManagement::DigicertAccount, ..Options::default() };
    let workspace = Workspace::new(options);
    write(&workspace, "");
    let said = workspace.apply_fails();
    assert!(said.contains("Failed to create digicert_user: HTTP 403 from `POST user`"), "{said}");
    assert!(
        said.contains("managed in DigiCert account (the identity service), CertCentral rejects"),
        "{said}"
    );

    // Roles and divisions stay with CertCentral.
    workspace.sim.with(|world| {
        let mut user = world.users[&ADMINISTRATOR].clone();
        user.id = world.next_id();
        user.username = "ana".into();
        user.email = "ana@example.com".into();
        user.job_title = None;
        world.users.insert(user.id, user);
    });
    let ana = "username = \"ana\"\nfirst_name = \"Ada\"\nlast_name = \"Admin\"\nemail = \"ana@example.com\"";
    workspace.write(&block("4", ana));
    import(&workspace, "ana").succeeded();
    workspace.apply();
    workspace.sim.with(|world| assert_eq!(person(world).access_role_id, 4));
    workspace.write(&block("4", &format!("{ana}\njob_title = \"SRE\"")));
    let said = workspace.apply_fails();
    assert!(said.contains("managed in the DigiCert account"), "{said}");
    let said = workspace.run(&["destroy", "-auto-approve", "-no-color"]).failed();
    assert!(said.contains("`terraform state rm 'digicert_user.example[\"key\"]'`"), "{said}");
    assert_ne!(workspace.state(IT), Value::Null);
}

fn mails(world: &World) -> usize {
    world.mails_of(MailKind::UserCreated)
}
