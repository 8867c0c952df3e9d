//! Users: from the list where it says enough, and from their own answers where it does not.

mod drift;

use certcentral_sim::{ContainerAssignments, Fault, FaultKind, Options, Sim, User, World};
use serde_json::{Value, json};

use super::{far_away, made_in, object, refresh, requests};
use crate::host::{Host, Object};

const USER: &str = "digicert_user";

/// An account with so many users beside the administrator, and the state of each. The administrator has
/// what rows need not have.
fn account(options: Options, users: usize) -> (Sim, Vec<Object>) {
    let sim = Sim::start(options).expect("loopback has a port");
    sim.with(|world| {
        let administrator = world.users.get_mut(&ADMINISTRATOR).expect("the administrator");
        administrator.telephone = Some("555-0100".into());
    });
    let ids: Vec<_> = sim.with(|world| (0..users).map(|_| add(world)).collect());
    let private = made_in(&sim);
    let state = |id: &u64| object(&sim.with(|world| attributes(&world.users[id])), &private);
    let objects = ids.iter().map(state).collect();
    (sim, objects)
}

fn add(world: &mut World) -> u64 {
    let mut user = world.users[&ADMINISTRATOR].clone();
    user.id = world.next_id();
    user.username = format!("user{}", user.id);
    user.email = format!("user{}@example.com", user.id);
    user.access_role_id = 5;
    let id = user.id;
    world.users.insert(id, user);
    id
}

/// The state that a create leaves.
fn attributes(user: &User) -> Value {
    json!({
        "id": user.id.to_string(),
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "job_title": user.job_title,
        "telephone": user.telephone,
        "access_role_id": user.access_role_id.to_string(),
        "container_id": user.container_id.to_string(),
        "container_id_assignments": null,
        "unrestricted_container_access": null,
        "is_saml_sso_only": null,
        "status": user.status,
        "type": "standard",
        "account_id": user.account_id.to_string(),
    })
}

/// A provider that takes what rows do not carry as unchanged.
async fn trusting(sim: &Sim) -> Host<'_> {
    let arguments = json!({ "rate_limits": [], "max_retries": 0, "refresh_from_lists": true });
    Host::start(sim, arguments).await
}

fn pages(requests: &[String]) -> usize {
    requests.iter().filter(|it| *it == "GET /user").count()
}

#[tokio::test]
async fn requests_follow_the_pages_or_the_users_whichever_are_fewer() {
    for (page_limit_max, users, most) in
        [(1000, 1000, 3), (100, 1000, 12), (1000, 10, 2), (1000, 1, 1)]
    {
        let (sim, objects) = account(Options { page_limit_max, ..Options::default() }, users);
        sim.fault(far_away("/user"));
        let mut host = Host::without_retries(&sim).await;
        let taken = requests(&host, &sim, USER, &objects).await;
        assert!(taken.len() <= most, "{} for {users} by {page_limit_max}: {taken:?}", taken.len());
        // What was read is good until something is written.
        let again = requests(&host, &sim, USER, &objects).await;
        assert!(again.len() <= 1, "{again:?}");
        host.apply(USER, &objects[0], None).await.succeeded();
        let fresh = requests(&host, &sim, USER, &objects[1..]).await;
        assert!(fresh.len() <= most && (users == 1 || !fresh.is_empty()), "{fresh:?}");
    }
}

#[tokio::test]
async fn a_few_users_of_a_large_account_are_read_one_by_one() {
    let (sim, objects) = account(Options::default(), 100_000);
    let strewn: Vec<_> = objects.iter().step_by(2000).cloned().collect();
    let taken = requests(&Host::without_retries(&sim).await, &sim, USER, &strewn).await;
    assert_eq!(strewn.len(), 50);
    assert!(taken.len() <= 51 && pages(&taken) <= 1, "{}: {taken:?}", taken.len());
    let taken = requests(&Host::without_retries(&sim).await, &sim, USER, &strewn[..1]).await;
    assert_eq!(taken, [format!("GET /user/{}", strewn[0].attributes()["id"].as_str().unwrap())]);
}

#[tokio::test]
async fn the_whole_list_of_a_large_account_fits_into_memory() {
    let (sim, objects) = account(Options::default(), 100_000);
    let host = Host::without_retries(&sim).await;
    // The last ones of the list: once as many have been read as there are pages, the pages are.
    let last: Vec<_> = objects[99_700..].to_vec();
    let taken = requests(&host, &sim, USER, &last).await;
    assert_eq!(pages(&taken), 101, "all of them");
    assert!(taken.len() <= 2 * 101, "{}", taken.len());
    let again = requests(&host, &sim, USER, &objects[..300]).await;
    assert_eq!(again.len(), 0, "every user is in it");
    let peak = crate::hostile::peak(host.plugin.id()).div_ceil(1024);
    assert!(peak < crate::hostile::MOST, "{peak} MiB");
}

#[tokio::test]
async fn the_list_and_the_user_give_the_same_state() {
    let both = |with: fn(&mut Options)| {
        let mut options = Options::default();
        with(&mut options);
        [Options::default(), options]
    };
    let options = [
        both(|it| it.ids_as_strings = true),
        both(|it| it.bools_as_numbers = true),
        both(|it| it.null_for_unset = true),
        both(|it| it.lower_case_emails = true),
        both(|it| it.container_assignments = ContainerAssignments::Ids),
        both(|it| it.user_list_has_service_users = true),
    ];
    let changes: &[fn(&mut User)] = &[
        |_| {},
        |it| (it.job_title, it.telephone) = (None, None),
        |it| it.telephone = Some("555-0100".into()),
        |it| it.username = it.username.to_uppercase(),
        |it| it.email = format!("Mixed{}@Example.com", it.id),
        |it| it.status = "locked".into(),
        |it| it.access_role_id = 4,
        |it| it.container_id = 1002,
        |it| it.container_assignments = vec![1002, 1003],
        |it| it.is_saml_sso_only = true,
        |it| it.is_api_only = true,
    ];
    for options in options.into_iter().flatten() {
        let shown = format!("{options:?}");
        let (sim, objects) = account(options, changes.len());
        let ids: Vec<_> = sim.with(|world| world.users.keys().copied().skip(1).collect());
        for (id, change) in ids.iter().zip(changes) {
            sim.with(|world| change(world.users.get_mut(id).expect("a user")));
        }
        let mut by_itself = Vec::new();
        for object in &objects {
            // Another process each, whose only read is this.
            let mut host = Host::without_retries(&sim).await;
            by_itself.push(host.read(USER, object).await.succeeded().object);
        }
        sim.take_requests();
        let host = Host::without_retries(&sim).await;
        let listed = refresh(&host, USER, &objects).await;
        assert_eq!(pages(&lines(&sim)), 1, "{shown}");
        for (listed, alone) in listed.iter().zip(&by_itself) {
            assert_eq!(listed.attributes, alone.attributes(), "{shown}");
            assert_eq!(listed.object.private, alone.private, "{shown}");
        }
        // Once they are in state, the list confirms them, but for those it cannot speak for.
        let taken = requests(&host, &sim, USER, &by_itself).await;
        assert!(taken.len() <= 2, "{shown}: {taken:?}");
    }
}

#[tokio::test]
async fn what_the_list_does_not_carry_is_read_singly() {
    let (sim, mut objects) = account(Options::default(), 20);
    sim.with(|world| {
        for user in world.users.values_mut().filter(|it| it.id != ADMINISTRATOR) {
            (user.is_saml_sso_only, user.container_assignments) = (true, vec![1002]);
        }
    });
    for (index, object) in objects.iter_mut().enumerate() {
        let mut state = object.attributes();
        match index % 2 {
            0 => state["is_saml_sso_only"] = json!(true),
            _ => state["container_id_assignments"] = json!(["1002"]),
        }
        if index % 2 == 0 {
            let id = state["id"].as_str().and_then(|it| it.parse().ok()).expect("an id");
            sim.with(|world| {
                world.users.get_mut(&id).expect("a user").container_assignments.clear()
            });
        }
        *object = super::object(&state, &made_in(&sim));
    }
    let host = Host::without_retries(&sim).await;
    let taken = requests(&host, &sim, USER, &objects).await;
    assert_eq!((taken.len(), pages(&taken)), (20, 0), "the list would not help");
    // Taken away or turned off, it shows.
    sim.with(|world| {
        for user in world.users.values_mut() {
            (user.is_saml_sso_only, user.container_assignments) = (false, Vec::new());
        }
    });
    for answered in refresh(&host, USER, &objects).await {
        let (sso, limits) = (
            &answered.attributes["is_saml_sso_only"],
            &answered.attributes["container_id_assignments"],
        );
        assert!(limits.is_null() && *sso != json!(true), "{}", answered.attributes);
    }
}

/// Takes away the optional fields of these users, in the account and in the state.
fn without_optional_fields(sim: &Sim, objects: &mut [Object]) {
    for object in objects {
        let mut state = object.attributes();
        let id = state["id"].as_str().and_then(|it| it.parse::<u64>().ok()).expect("an id");
        sim.with(|world| {
            let user = world.users.get_mut(&id).expect("a user");
            (user.job_title, user.telephone) = (None, None);
        });
        (state["job_title"], state["telephone"]) = (Value::Null, Value::Null);
        *object = super::object(&state, &made_in(sim));
    }
}

/// Gives every user but the administrator a title and a number, behind Terraform's back.
fn promote(sim: &Sim) {
    sim.with(|world| {
        for user in world.users.values_mut().filter(|it| it.id != ADMINISTRATOR) {
            user.job_title = Some("Drifted".into());
            user.telephone = Some("555-0199".into());
        }
    });
}

#[tokio::test]
async fn what_no_row_carries_is_asked_of_each_user() {
    let without = Options { user_list_has_optional_fields: false, ..Options::default() };
    let (sim, mut objects) = account(without, 20);
    without_optional_fields(&sim, &mut objects);
    let host = Host::without_retries(&sim).await;
    requests(&host, &sim, USER, &objects).await;
    promote(&sim);
    for answered in refresh(&host, USER, &objects).await {
        let attributes = answered.succeeded().attributes;
        assert_eq!(attributes["job_title"], "Drifted");
        assert_eq!(attributes["telephone"], "555-0199");
    }
}

#[tokio::test]
async fn what_another_row_carries_is_absent_where_it_is_missing() {
    for null_for_unset in [false, true] {
        let (sim, mut objects) = account(Options { null_for_unset, ..Options::default() }, 200);
        without_optional_fields(&sim, &mut objects);
        if null_for_unset {
            // Then each row has the key, whether the administrator has a value or not.
            sim.with(|world| {
                let administrator = world.users.get_mut(&ADMINISTRATOR).expect("the administrator");
                (administrator.job_title, administrator.telephone) = (None, None);
            });
        }
        let host = Host::without_retries(&sim).await;
        let taken = requests(&host, &sim, USER, &objects).await;
        assert!(taken.len() <= 3, "{taken:?}");
    }

    // Nobody has a number, so its absence from every row says nothing.
    let (sim, mut objects) = account(Options::default(), 20);
    without_optional_fields(&sim, &mut objects);
    sim.with(|world| world.users.get_mut(&ADMINISTRATOR).expect("one").telephone = None);
    let taken = requests(&Host::without_retries(&sim).await, &sim, USER, &objects).await;
    assert_eq!(taken.iter().filter(|it| it.starts_with("GET /user/")).count(), 20, "{taken:?}");
}

#[tokio::test]
async fn an_empty_text_in_state_is_not_confirmed_by_a_missing_key_alone() {
    let without = Options { user_list_has_optional_fields: false, ..Options::default() };
    let (sim, mut objects) = account(without, 20);
    without_optional_fields(&sim, &mut objects);
    for object in &mut objects {
        let mut state = object.attributes();
        (state["job_title"], state["telephone"]) = (json!(""), json!(""));
        *object = super::object(&state, &made_in(&sim));
    }
    let host = Host::without_retries(&sim).await;
    requests(&host, &sim, USER, &objects).await;
    promote(&sim);
    for answered in refresh(&host, USER, &objects).await {
        assert_eq!(answered.succeeded().attributes["job_title"], "Drifted");
    }
}

#[tokio::test]
async fn refresh_from_lists_takes_what_rows_lack_as_unchanged() {
    let without = Options { user_list_has_optional_fields: false, ..Options::default() };
    let (sim, mut objects) = account(without, 1000);
    without_optional_fields(&sim, &mut objects[..500]);
    // What no row ever has.
    for (index, object) in objects.iter_mut().enumerate().take(100) {
        let mut state = object.attributes();
        let id = state["id"].as_str().and_then(|it| it.parse::<u64>().ok()).expect("an id");
        let limited = index % 2 == 0;
        sim.with(|world| {
            let user = world.users.get_mut(&id).expect("a user");
            if limited {
                user.container_assignments = vec![1002];
            }
        });
        state["is_saml_sso_only"] = json!(false);
        state["container_id_assignments"] = if limited { json!(["1002"]) } else { Value::Null };
        *object = super::object(&state, &made_in(&sim));
    }
    let host = trusting(&sim).await;
    let taken = requests(&host, &sim, USER, &objects).await;
    assert!(taken.len() <= 3, "{}: {:?}", taken.len(), &taken[..taken.len().min(10)]);

    // What a row carries is still compared, and so is whether the user is limited at all.
    sim.with(|world| {
        let mut users = world.users.values_mut().skip(1);
        users.next().expect("a user").container_assignments.clear();
        let second = users.next().expect("another one");
        (second.container_assignments, second.first_name) = (vec![1003], "Eve".into());
    });
    let config = json!({
        "api_key": sim.api_key(), "base_url": sim.base_url(), "refresh_from_lists": true,
    });
    let mut host = host;
    assert!(host.configure(Some(crate::host::dynamic(&config))).await.is_empty());
    let read = refresh(&host, USER, &objects[..10]).await;
    assert_eq!(read[0].attributes["container_id_assignments"], Value::Null);
    assert_eq!(read[1].attributes["first_name"], "Eve");
    assert_eq!(read[1].attributes["container_id_assignments"], json!(["1003"]));
}

#[tokio::test]
async fn a_list_ends_with_configure() {
    let (sim, objects) = account(Options::default(), 20);
    let mut host = Host::without_retries(&sim).await;
    requests(&host, &sim, USER, &objects).await;
    sim.with(|world| world.users.values_mut().for_each(|it| it.last_name = "Drifted".into()));
    let config = json!({ "api_key": sim.api_key(), "base_url": sim.base_url() });
    assert!(host.configure(Some(crate::host::dynamic(&config))).await.is_empty());
    for answered in refresh(&host, USER, &objects).await {
        assert_eq!(answered.succeeded().attributes["last_name"], "Drifted");
    }
}

#[tokio::test]
async fn unrestricted_access_is_confirmed_by_the_list_and_refuted_by_the_user() {
    let (sim, mut objects) = account(Options::default(), 20);
    for object in &mut objects {
        let mut state = object.attributes();
        state["unrestricted_container_access"] = json!(true);
        *object = super::object(&state, &made_in(&sim));
    }
    let host = Host::without_retries(&sim).await;
    let taken = requests(&host, &sim, USER, &objects).await;
    assert!(taken.len() <= 2, "{taken:?}");

    let limited = objects[7].attributes()["id"].as_str().and_then(|it| it.parse().ok());
    let limited: u64 = limited.expect("an id");
    sim.with(|world| {
        world.users.get_mut(&limited).expect("a user").container_assignments = vec![1002];
    });
    // A process of its own, as the list is good until something is written.
    let host = Host::without_retries(&sim).await;
    for (index, answered) in refresh(&host, USER, &objects).await.into_iter().enumerate() {
        let found = &answered.attributes["unrestricted_container_access"];
        assert_eq!(found, &json!(index != 7), "{}", answered.attributes);
    }
}

/// Requests since the last look.
fn lines(sim: &Sim) -> Vec<String> {
    sim.take_requests().into_iter().map(|it| format!("{} {}", it.method, it.path)).collect()
}

/// The user whose key it is.
const ADMINISTRATOR: u64 = 110_001;
