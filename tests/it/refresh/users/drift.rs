//! What changed is found, whether the list or the user is read.

use super::*;

#[tokio::test]
async fn drift_and_absence_are_found_whoever_is_asked() {
    let (sim, objects) = account(Options::default(), 60);
    let host = Host::without_retries(&sim).await;
    let id = |index: usize| -> u64 {
        objects[index].attributes()["id"].as_str().and_then(|it| it.parse().ok()).expect("an id")
    };
    sim.with(|world| {
        world.users.get_mut(&id(40)).expect("a user").first_name = "Eve".into();
        world.users.get_mut(&id(41)).expect("a user").container_assignments = vec![1002];
        world.users.remove(&id(42));
    });
    sim.take_requests();
    let answers = refresh(&host, USER, &objects).await;
    let taken = lines(&sim);
    assert_eq!(answers[40].attributes["first_name"], "Eve");
    assert_eq!(answers[41].attributes["container_id_assignments"], json!(["1002"]));
    assert_eq!(answers[42].attributes, Value::Null);
    assert!(
        answers[42].warnings[0].contains("removed from the state"),
        "{:?}",
        answers[42].warnings
    );
    for index in [40, 41, 42] {
        assert!(taken.contains(&format!("GET /user/{}", id(index))), "{taken:?}");
    }
    // The first one, a page, three of their own and the account that lacks one of them.
    assert!(taken.len() <= 6, "{taken:?}");

    // One that the list had not yet, or not any more, is there all the same.
    let late = sim.with(add);
    let late = object(&sim.with(|world| attributes(&world.users[&late])), &made_in(&sim));
    assert_eq!(requests(&host, &sim, USER, &[late]).await.len(), 1);
}

#[tokio::test]
async fn drift_shows_right_after_a_write() {
    let (sim, mut objects) = account(Options::default(), 30);
    let mut host = Host::without_retries(&sim).await;
    requests(&host, &sim, USER, &objects).await;
    let config = json!({
        "username": "ann", "first_name": "Ann", "last_name": "Sample", "email": "ann@example.com",
        "access_role_id": "5",
    });
    let made = host.apply(USER, &Object::default(), Some(&config)).await.succeeded();
    objects.push(made.object);
    sim.with(|world| world.users.values_mut().for_each(|it| it.last_name = "Drifted".into()));
    for answered in refresh(&host, USER, &objects).await {
        assert_eq!(answered.succeeded().attributes["last_name"], "Drifted");
    }
}

#[tokio::test]
async fn a_list_that_fails_fails_no_read() {
    for (kind, after) in [
        (FaultKind::status(403), 0),
        (FaultKind::status(500), 1),
        (FaultKind::too_many_requests(None), 2),
        (FaultKind::Reset, 1),
    ] {
        let (sim, objects) = account(Options { page_limit_max: 5, ..Options::default() }, 30);
        sim.fault(Fault::new("GET", "/user", kind).after(after));
        let host = Host::without_retries(&sim).await;
        let taken = requests(&host, &sim, USER, &objects).await;
        assert_eq!(pages(&taken), after + 1, "it is not tried again: {taken:?}");
        assert!(taken.len() <= 32, "{taken:?}");
    }
}

#[tokio::test]
async fn users_configured_for_another_account_are_not_taken_from_the_list_of_this_one() {
    // A debugged process is configured several times.
    let (one, objects) = account(Options::default(), 20);
    let (other, _) = account(Options::default(), 20);
    other.with(|world| world.users.values_mut().for_each(|it| it.last_name = "Other".into()));
    let mut host = Host::without_retries(&one).await;
    requests(&host, &one, USER, &objects).await;
    let config = json!({ "api_key": other.api_key(), "base_url": other.base_url() });
    assert!(host.configure(Some(crate::host::dynamic(&config))).await.is_empty());
    for answered in refresh(&host, USER, &objects).await {
        assert_eq!(answered.succeeded().attributes["last_name"], "Other");
    }
}
