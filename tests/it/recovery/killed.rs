//! A provider that is killed during a create: the next run neither opens a second subaccount nor loses a key.

use super::*;

/// How far a create is when its provider is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    Start,
    ListRequested,
    ListReturned,
    Recorded,
    PostReceived,
    PostPerformed,
    PostReturned,
    SubaccountRequested,
    SubaccountReturned,
}

/// What the next run does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum NextRun {
    Creates,
    Adopts,
    /// Fails, since the subaccount may have been opened.
    Doubts,
}

impl Moment {
    const ALL: [Self; 9] = [
        Self::Start,
        Self::ListRequested,
        Self::ListReturned,
        Self::Recorded,
        Self::PostReceived,
        Self::PostPerformed,
        Self::PostReturned,
        Self::SubaccountRequested,
        Self::SubaccountReturned,
    ];

    /// The fault that stops the create at this moment, and what the next run then does. Without one the
    /// create continues until the kill.
    fn stop(self) -> Option<(Fault, NextRun)> {
        let hold = |method, path| Fault::new(method, path, FaultKind::Hold);
        match self {
            Self::ListRequested => Some((hold("GET", "/account/subaccount"), NextRun::Creates)),
            Self::PostReceived => Some((hold("POST", "/account"), NextRun::Doubts)),
            Self::PostPerformed => Some((hold("POST", "/account").with_effect(), NextRun::Doubts)),
            Self::SubaccountRequested => {
                Some((hold("GET", "/account/subaccount/*"), NextRun::Adopts))
            }
            _ => None,
        }
    }

    fn has_come(self, fixture: &Fixture) -> bool {
        let requests = fixture.sim.requests();
        let status = |method: &str, path: &str| {
            let found = requests.iter().find(|it| it.method == method && it.path.starts_with(path));
            found.map(|request| request.status)
        };
        let returned = |status: Option<u16>| status.is_some_and(|status| status != 0);
        match self {
            Self::Start => true,
            Self::ListRequested => status("GET", "/account/subaccount").is_some(),
            Self::ListReturned => returned(status("GET", "/account/subaccount")),
            Self::Recorded => !fixture.files().is_empty(),
            Self::PostReceived | Self::PostPerformed => status("POST", "/account").is_some(),
            Self::PostReturned => returned(status("POST", "/account")),
            Self::SubaccountRequested => status("GET", "/account/subaccount/").is_some(),
            Self::SubaccountReturned => returned(status("GET", "/account/subaccount/")),
        }
    }
}

#[tokio::test]
async fn a_kill_at_any_moment_of_a_create_opens_no_second_subaccount_and_loses_no_key() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    for moment in Moment::ALL {
        let stop = moment.stop();
        // Between two moments at which the create is stopped, a random delay finds the steps in between.
        let times = if stop.is_some() { 1 } else { 8 };
        for _ in 0..times {
            let fixture = Fixture::new();
            let mut later = Duration::ZERO;
            match &stop {
                Some((fault, _)) => fixture.sim.fault(fault.clone()),
                None => {
                    later = Duration::from_micros(random.u64(..8_000));
                    fixture.delay("POST", "/account", 4);
                    fixture.delay("GET", "/account/subaccount/*", 4);
                }
            }
            fixture.kill_when(|| moment.has_come(&fixture), later).await;
            let found = next_run(&fixture, &format!("{moment:?} and {later:?}")).await;
            if let Some((_, expected)) = stop {
                assert_eq!(found, expected, "{moment:?}");
            }
        }
    }
}

/// Applies the same configuration again, and checks that what it does is right.
async fn next_run(fixture: &Fixture, when: &str) -> NextRun {
    let opened = fixture.posts();
    let (mut host, next) = fixture.create("first").await;
    if next.errors.is_empty() {
        fixture.assert_whole(&next.attributes);
        assert_eq!(fixture.posts(), 1, "{when}: exactly one of both runs sends the request");
        host.read(SUBACCOUNT, &next.object).await.succeeded();
        assert!(fixture.files().is_empty(), "{when}: the key is in the state");
        return if opened == 0 { NextRun::Creates } else { NextRun::Adopts };
    }
    let [error] = &next.errors[..] else { panic!("{when}: {:?}", next.errors) };
    let [file] = &fixture.files()[..] else { panic!("{when}: no record, and {error}") };
    assert!(error.contains(file.to_str().expect("UTF-8")), "{when}: {error}");
    match &fixture.ids()[..] {
        [] => assert!(error.contains("does not contain it yet"), "{when}: {error}"),
        [id] => assert!(error.contains(&format!("id = \"{id}\"")), "{when}: {error}"),
        more => panic!("{when}: opened more than once: {more:?}"),
    }
    assert_eq!(fixture.posts(), opened, "{when}: nothing is sent while it is in doubt");
    follow_the_error(fixture, file).await;
    NextRun::Doubts
}

/// Deletes the record, as the error says. An existing subaccount is then to be imported, and one that does
/// not exist is created.
async fn follow_the_error(fixture: &Fixture, record: &Path) {
    std::fs::remove_file(record).expect("the directory is writable");
    let existing = fixture.ids();
    let (_, next) = fixture.create("first").await;
    match &existing[..] {
        [] => fixture.assert_whole(&next.succeeded().attributes),
        [id] => {
            assert!(next.errors[0].contains("Subaccount already exists"), "{:?}", next.errors);
            assert!(next.errors[0].contains(id), "{:?}", next.errors);
            assert_eq!(fixture.ids(), existing);
        }
        more => panic!("opened more than once: {more:?}"),
    }
}
