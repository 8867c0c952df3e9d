//! `recovery_dir`: what a provider that is killed at any moment of a create leaves to the next one.

mod cli;
mod delivered;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(unix)]
mod hostile;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use certcentral_sim::{Fault, FaultKind, Options, Sim};
use serde_json::{Value, json};
use tempfile::TempDir;
use tonic::transport::Channel;

use crate::host::{Answered, Host, Object, dynamic};
use crate::wire::tfplugin5::provider_client::ProviderClient;
use crate::wire::{DEADLINE, tfplugin5 as wire};

const SUBACCOUNT: &str = "digicert_subaccount";

fn subaccount(name: &str) -> Value {
    json!({
        "account_type": "managed",
        "allowed_grandchildren": [],
        "child_name": name,
        "user": { "first_name": "Ada", "last_name": "Example", "email": "ada@example.com" },
        "organization": {
            "name": "Example Org", "address": "1 Example Street", "zip": "84043", "city": "Lehi",
            "state": "Utah", "country": "US",
        },
    })
}

/// An account, and a folder that outlives every provider.
struct Fixture {
    sim: Sim,
    parent: TempDir,
}

impl Fixture {
    fn new() -> Self {
        let sim = Sim::start(Options::default()).expect("loopback has a port");
        Self { sim, parent: tempfile::tempdir().expect("a temporary folder") }
    }

    fn folder(&self) -> PathBuf {
        self.parent.path().join("recovery")
    }

    fn files(&self) -> Vec<PathBuf> {
        files(&self.folder())
    }

    async fn provider(&self) -> Host<'_> {
        Host::start(&self.sim, json!({ "recovery_dir": self.folder() })).await
    }

    /// What a new provider makes of a create.
    async fn create(&self, name: &str) -> (Host<'_>, Answered) {
        let mut host = self.provider().await;
        let answered = host.apply(SUBACCOUNT, &Object::default(), Some(&subaccount(name))).await;
        (host, answered)
    }

    /// Starts a create, and kills its provider once something is so.
    async fn kill_when(&self, so: impl Fn() -> bool) {
        let mut host = self.provider().await;
        let Host { plugin, client, .. } = &mut host;
        let kill = async {
            until(so).await;
            plugin.signal("KILL");
        };
        let config = subaccount("first");
        tokio::join!(attempt(client, &config), kill);
        // What the killed provider has sent arrives all the same.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    fn delay(&self, method: &str, path: &str, milliseconds: u64) {
        let delay = FaultKind::Delay(Duration::from_millis(milliseconds));
        self.sim.fault(Fault::new(method, path, delay).with_effect());
    }

    fn numbers(&self) -> Vec<String> {
        self.sim.with(|world| world.subaccounts.keys().map(u64::to_string).collect())
    }

    /// The one subaccount there is, with its key, is in this state.
    #[track_caller]
    fn assert_whole(&self, state: &Value) {
        assert_eq!(self.numbers(), [state["id"].as_str().expect("an id")]);
        assert_eq!(self.sim.issued_keys(), [state["api_key"].as_str().expect("a key")]);
        assert!(!state["date_created"].is_null());
    }

    fn posts(&self) -> usize {
        self.sim.count("POST", "/account")
    }
}

/// Plans and applies a create, by a provider that may be gone at any moment.
async fn attempt(client: &mut ProviderClient<Channel>, config: &Value) {
    let config = Some(dynamic(config));
    let planned = client
        .plan_resource_change(wire::plan_resource_change::Request {
            type_name: SUBACCOUNT.to_owned(),
            proposed_new_state: config.clone(),
            config: config.clone(),
            ..wire::plan_resource_change::Request::default()
        })
        .await;
    let Ok(planned) = planned else { return };
    // Whatever it answers, nobody is there to save it.
    let _ = client
        .apply_resource_change(wire::apply_resource_change::Request {
            type_name: SUBACCOUNT.to_owned(),
            planned_state: planned.into_inner().planned_state,
            config,
            ..wire::apply_resource_change::Request::default()
        })
        .await;
}

/// Waits until something is so; it fails if that takes absurdly long.
async fn until(so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !so() {
        assert!(begin.elapsed() < DEADLINE, "it did not come to be");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// The records in a directory: everything but its lock.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("the folder is ours").path());
    paths.filter(|path| !path.ends_with(".lock")).collect()
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().expect("it is there").permissions().mode() & 0o777
}

#[tokio::test]
async fn killed_at_any_moment_nothing_is_opened_twice_and_nothing_is_lost() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut created, mut adopted, mut doubted) = (0, 0, 0);
    let mut whole = Duration::from_millis(200);
    for moment in 0..=50 {
        let fixture = Fixture::new();
        fixture.delay("GET", "/account/subaccount", 10);
        fixture.delay("POST", "/account", 40);
        fixture.delay("GET", "/account/subaccount/*", 40);
        let begin = Instant::now();
        if moment == 0 {
            fixture.create("first").await.1.succeeded();
            whole = begin.elapsed();
            continue;
        }
        // Spread over the whole life of the process, one random moment in each fiftieth of it.
        let until = whole.mul_f64((f64::from(moment - 1) + random.f64()) / 50.0);
        fixture.kill_when(|| begin.elapsed() >= until).await;
        fixture.sim.clear_faults();

        let opened = fixture.posts();
        let (mut host, next) = fixture.create("first").await;
        if next.errors.is_empty() {
            fixture.assert_whole(&next.attributes);
            assert_eq!(fixture.posts(), 1, "of both runs, one sent it");
            *(if opened == 0 { &mut created } else { &mut adopted }) += 1;
            host.read(SUBACCOUNT, &next.object).await.succeeded();
            assert!(fixture.files().is_empty(), "a refresh has seen it in the state");
        } else {
            doubted += 1;
            let [error] = &next.errors[..] else { panic!("{:?}", next.errors) };
            let [file] = &fixture.files()[..] else { panic!("one record is in doubt: {error}") };
            assert!(error.contains(file.to_str().expect("UTF-8")), "{error}");
            match &fixture.numbers()[..] {
                [] => assert!(error.contains("does not contain it yet"), "{error}"),
                [number] => {
                    assert!(error.contains(&format!("id = \"{number}\"")), "{error}");
                }
                more => panic!("opened more than once: {more:?}"),
            }
            assert_eq!(fixture.posts(), opened, "nothing is sent while it is in doubt");
            settle_by_hand(&fixture, file).await;
        }
    }
    println!("{created} created, {adopted} adopted, {doubted} in doubt");
    assert!(created > 0 && adopted > 0 && doubted > 0, "every kind of moment was met");
}

/// Does what the error says: with the file deleted, what is there is imported and what is not is made.
async fn settle_by_hand(fixture: &Fixture, file: &Path) {
    std::fs::remove_file(file).expect("the file is ours");
    let there = fixture.numbers();
    let (_, next) = fixture.create("first").await;
    match &there[..] {
        [] => fixture.assert_whole(&next.succeeded().attributes),
        [number] => {
            assert!(next.errors[0].contains("Subaccount already exists"), "{:?}", next.errors);
            assert!(next.errors[0].contains(number), "{:?}", next.errors);
            assert_eq!(fixture.numbers(), there);
        }
        more => panic!("opened more than once: {more:?}"),
    }
}

#[tokio::test]
async fn a_recorded_answer_reaches_the_state_of_the_next_run_and_then_goes() {
    let fixture = Fixture::new();
    fixture.sim.fault(Fault::new("GET", "/account/subaccount/*", FaultKind::Hang));
    fixture.kill_when(|| fixture.sim.count("GET", "/account/subaccount/") == 1).await;
    fixture.sim.clear_faults();
    let [file] = &fixture.files()[..] else { panic!("{:?}", fixture.files()) };
    #[cfg(unix)]
    assert_eq!((mode(&fixture.folder()), mode(file)), (0o700, 0o600));

    for _ in 0..2 {
        // The first provider to take it over ends before Terraform has saved what it says.
        let next = fixture.create("first").await.1.succeeded();
        assert!(next.warnings[0].contains("restored from recovery_dir"), "{:?}", next.warnings);
        fixture.assert_whole(&next.attributes);
        assert_eq!((fixture.posts(), fixture.files().len()), (1, 1));
    }
    // A plan without a refresh is enough.
    let (mut host, next) = fixture.create("first").await;
    host.plan(SUBACCOUNT, &next.object, Some(&subaccount("first"))).await.succeeded();
    assert!(fixture.files().is_empty());
}

#[tokio::test]
async fn an_edited_request_does_not_get_the_answer_and_hears_of_it() {
    let fixture = Fixture::new();
    fixture.create("first").await.1.succeeded();
    let [file] = &fixture.files()[..] else { panic!("{:?}", fixture.files()) };
    let other = fixture.create("second").await.1.succeeded();
    assert_eq!(fixture.posts(), 2);
    let hint = &other.warnings[0];
    assert!(hint.contains("not restored"), "{hint}");
    assert!(hint.contains(file.to_str().expect("UTF-8")), "{hint}");
}

#[tokio::test]
async fn of_two_providers_on_one_folder_one_opens_it() {
    let fixture = Fixture::new();
    fixture.delay("POST", "/account", 200);
    let (mut one, mut two) = (fixture.provider().await, fixture.provider().await);
    let (nothing, config) = (Object::default(), subaccount("first"));
    let (one, two) = tokio::join!(
        one.apply(SUBACCOUNT, &nothing, Some(&config)),
        two.apply(SUBACCOUNT, &nothing, Some(&config)),
    );
    let (made, refused) = if one.errors.is_empty() { (one, two) } else { (two, one) };
    fixture.assert_whole(&made.succeeded().attributes);
    let error = &refused.errors[0];
    assert!(error.contains("is processing the same request"), "{error}");
    assert!(error.contains("No request was sent"), "{error}");
    assert_eq!(fixture.posts(), 1);

    let (mut one, mut two) = (fixture.provider().await, fixture.provider().await);
    let (left, right) = (subaccount("left"), subaccount("right"));
    let (one, two) = tokio::join!(
        one.apply(SUBACCOUNT, &nothing, Some(&left)),
        two.apply(SUBACCOUNT, &nothing, Some(&right)),
    );
    one.succeeded();
    two.succeeded();
    assert_eq!(fixture.posts(), 3);
}

#[tokio::test]
async fn a_refusal_leaves_no_record_and_silence_does() {
    let fixture = Fixture::new();
    fixture.sim.fault(Fault::new("POST", "/account", FaultKind::status(400)).times(1));
    let (_, refused) = fixture.create("first").await;
    assert!(refused.errors[0].contains("400"), "{:?}", refused.errors);
    assert!(fixture.files().is_empty());

    for kind in [FaultKind::Reset, FaultKind::status(500), html()] {
        fixture.sim.fault(Fault::new("POST", "/account", kind).with_effect().times(1));
        let (_, silent) = fixture.create("first").await;
        let [file] = &fixture.files()[..] else { panic!("{:?}", silent.errors) };
        let number = fixture.numbers().pop().expect("it was opened");
        for errors in [silent.errors, fixture.create("edited").await.1.errors] {
            assert!(errors[0].contains("may have been created"), "{errors:?}");
            assert!(errors[0].contains(&format!("id = \"{number}\"")), "{errors:?}");
            assert!(errors[0].contains(file.to_str().expect("UTF-8")), "{errors:?}");
        }
        std::fs::remove_file(file).expect("the file is ours");
        fixture.sim.with(|world| world.subaccounts.clear());
    }
}

fn html() -> FaultKind {
    let (content_type, body) = ("text/html".to_owned(), "<html></html>".to_owned());
    FaultKind::Body { status: 200, content_type, body }
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_others_can_read_stops_the_create_before_the_post() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new();
    std::fs::create_dir(fixture.folder()).expect("the parent is ours");
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(fixture.folder(), open).expect("the folder is ours");
    let (_, refused) = fixture.create("first").await;
    assert!(refused.errors[0].contains("must have mode 0700"), "{:?}", refused.errors);
    assert!(refused.errors[0].contains("No request was sent"), "{:?}", refused.errors);
    assert_eq!((fixture.posts(), fixture.files().len()), (0, 0));
}
