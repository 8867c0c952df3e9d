//! `recovery_dir`: how a run continues the unfinished create of an earlier run.

mod cli;
mod delivered;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(unix)]
mod hostile;
mod killed;

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use certcentral_sim::{Fault, FaultKind, Sim};
use serde_json::{Value, json};
use tempfile::TempDir;
use tonic::transport::Channel;

use crate::fixtures::{SUBACCOUNT, named_subaccount, sim, until};
use crate::host::{Answered, Host, Object, dynamic};
use crate::process::tfplugin5::provider_client::ProviderClient;
use crate::process::{DEADLINE, tfplugin5 as wire};

/// An account, and a `recovery_dir` for several runs.
struct Fixture {
    sim: Sim,
    parent: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self { sim: sim(), parent: tempfile::tempdir().expect("a temporary directory") }
    }

    fn directory(&self) -> PathBuf {
        self.parent.path().join("recovery")
    }

    fn files(&self) -> Vec<PathBuf> {
        files(&self.directory())
    }

    async fn provider(&self) -> Host<'_> {
        Host::start(&self.sim, json!({ "recovery_dir": self.directory() })).await
    }

    /// Creates a subaccount with a new provider.
    async fn create(&self, name: &str) -> (Host<'_>, Answered) {
        let mut host = self.provider().await;
        let answered =
            host.apply(SUBACCOUNT, &Object::default(), Some(&named_subaccount(name))).await;
        (host, answered)
    }

    /// Starts a create, kills its provider some time after a condition holds, and clears the faults.
    async fn kill_when(&self, condition: impl Fn() -> bool, later: Duration) {
        let mut host = self.provider().await;
        let Host { plugin, client, .. } = &mut host;
        let kill = async {
            until(condition).await;
            tokio::time::sleep(later).await;
            plugin.signal("KILL");
            plugin.exit().await;
        };
        let config = named_subaccount("first");
        tokio::join!(attempt(client, &config), kill);
        // What the provider sent arrives after the kill, too.
        self.sim.wait_for_disconnects().expect("loopback");
        self.sim.clear_faults();
    }

    fn delay(&self, method: &str, path: &str, milliseconds: u64) {
        let delay = FaultKind::Delay(Duration::from_millis(milliseconds));
        self.sim.fault(Fault::new(method, path, delay).with_effect());
    }

    fn ids(&self) -> Vec<String> {
        self.sim.with(|world| world.subaccounts.keys().map(u64::to_string).collect())
    }

    /// Exactly one subaccount exists, and this state has its ID and key.
    #[track_caller]
    fn assert_whole(&self, state: &Value) {
        assert_eq!(self.ids(), [state["id"].as_str().expect("an id")]);
        assert_eq!(self.sim.issued_keys(), [state["api_key"].as_str().expect("a key")]);
        assert!(!state["date_created"].is_null());
    }

    fn posts(&self) -> usize {
        self.sim.count("POST", "/account")
    }
}

/// Plans and applies a create, with a provider that may be killed at any moment.
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
    // The response is discarded, as by a Terraform that was killed.
    let _ = client
        .apply_resource_change(wire::apply_resource_change::Request {
            type_name: SUBACCOUNT.to_owned(),
            planned_state: planned.into_inner().planned_state,
            config,
            ..wire::apply_resource_change::Request::default()
        })
        .await;
}

/// The records in a directory: everything but its lock.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("the directory is writable").path());
    paths.filter(|path| !path.ends_with(".lock")).collect()
}

#[tokio::test]
async fn a_recorded_response_is_taken_over_and_then_deleted() {
    let fixture = Fixture::new();
    fixture.sim.fault(Fault::new("GET", "/account/subaccount/*", FaultKind::Hang));
    let requested = || fixture.sim.count("GET", "/account/subaccount/") == 1;
    fixture.kill_when(requested, Duration::ZERO).await;
    let [file] = &fixture.files()[..] else { panic!("{:?}", fixture.files()) };
    #[cfg(unix)]
    assert_eq!(
        (crate::fixtures::mode(&fixture.directory()), crate::fixtures::mode(file)),
        (0o700, 0o600)
    );

    for _ in 0..2 {
        // The first provider that takes the record over is killed before Terraform saves the state.
        let next = fixture.create("first").await.1.succeeded();
        assert!(next.warnings[0].contains("restored from recovery_dir"), "{:?}", next.warnings);
        fixture.assert_whole(&next.attributes);
        assert_eq!((fixture.posts(), fixture.files().len()), (1, 1));
    }
    // A plan without a refresh is enough.
    let (mut host, next) = fixture.create("first").await;
    host.plan(SUBACCOUNT, &next.object, Some(&named_subaccount("first"))).await.succeeded();
    assert!(fixture.files().is_empty());
}

#[tokio::test]
async fn an_edited_request_does_not_take_over_the_response_and_is_warned() {
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
async fn one_of_two_providers_with_the_same_request_sends_it() {
    let fixture = Fixture::new();
    fixture.sim.fault(Fault::new("POST", "/account", FaultKind::Hold));
    let (mut one, mut two) = (fixture.provider().await, fixture.provider().await);
    let (nothing, config) = (Object::default(), named_subaccount("first"));
    let (made, refused) = {
        let mut one = pin!(one.apply(SUBACCOUNT, &nothing, Some(&config)));
        let mut two = pin!(two.apply(SUBACCOUNT, &nothing, Some(&config)));
        // The other one waits for its answer until the faults are cleared.
        let (refused, other) = tokio::select! {
            refused = &mut one => (refused, two),
            refused = &mut two => (refused, one),
        };
        fixture.sim.clear_faults();
        (other.await, refused)
    };
    fixture.assert_whole(&made.succeeded().attributes);
    let error = &refused.errors[0];
    assert!(error.contains("is processing the same request"), "{error}");
    assert!(error.contains("No request was sent"), "{error}");
    assert_eq!(fixture.posts(), 1);

    let (mut one, mut two) = (fixture.provider().await, fixture.provider().await);
    let (left, right) = (named_subaccount("left"), named_subaccount("right"));
    let (one, two) = tokio::join!(
        one.apply(SUBACCOUNT, &nothing, Some(&left)),
        two.apply(SUBACCOUNT, &nothing, Some(&right)),
    );
    one.succeeded();
    two.succeeded();
    assert_eq!(fixture.posts(), 3);
}

#[tokio::test]
async fn a_refused_request_leaves_no_record_and_one_without_a_response_does() {
    let fixture = Fixture::new();
    fixture.sim.fault(Fault::new("POST", "/account", FaultKind::status(400)).times(1));
    let (_, refused) = fixture.create("first").await;
    assert!(refused.errors[0].contains("400"), "{:?}", refused.errors);
    assert!(fixture.files().is_empty());

    for kind in [FaultKind::Reset, FaultKind::status(500), html()] {
        fixture.sim.fault(Fault::new("POST", "/account", kind).with_effect().times(1));
        let (_, silent) = fixture.create("first").await;
        let [file] = &fixture.files()[..] else { panic!("{:?}", silent.errors) };
        let number = fixture.ids().pop().expect("it was opened");
        for errors in [silent.errors, fixture.create("edited").await.1.errors] {
            assert!(errors[0].contains("may have been created"), "{errors:?}");
            assert!(errors[0].contains(&format!("id = \"{number}\"")), "{errors:?}");
            assert!(errors[0].contains(file.to_str().expect("UTF-8")), "{errors:?}");
        }
        std::fs::remove_file(file).expect("the file is writable");
        fixture.sim.with(|world| world.subaccounts.clear());
    }
}

fn html() -> FaultKind {
    let (content_type, body) = ("text/html".to_owned(), "<html></html>".to_owned());
    FaultKind::Body { status: 200, content_type, body }
}

#[cfg(unix)]
#[tokio::test]
async fn a_directory_that_others_can_read_stops_the_create_before_the_post() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new();
    std::fs::create_dir(fixture.directory()).expect("the directory is writable");
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(fixture.directory(), open).expect("the directory is writable");
    let (_, refused) = fixture.create("first").await;
    assert!(refused.errors[0].contains("must have mode 0700"), "{:?}", refused.errors);
    assert!(refused.errors[0].contains("No request was sent"), "{:?}", refused.errors);
    assert_eq!((fixture.posts(), fixture.files().len()), (0, 0));
}
