//! Records of runs that ended in order: the response was delivered, and no later run takes it over.

use std::time::Instant;

use super::*;
use crate::process::go_plugin::grpc_stdio_client::GrpcStdioClient;

impl Fixture {
    /// Creates a subaccount in a run that ends in order. Returns its record.
    async fn deliver(&self, name: &str) -> (Object, PathBuf) {
        let (mut host, made) = self.create(name).await;
        let object = made.succeeded().object;
        host.shut_down().await;
        let [file] = &self.files()[..] else { panic!("{:?}", self.files()) };
        (object, file.clone())
    }

    /// A create with a delivered record sends nothing, and the error has the next steps.
    async fn assert_refused(&self, file: &Path) {
        let posts = self.posts();
        let (_, refused) = self.create("first").await;
        let [error] = &refused.errors[..] else { panic!("{:?}", refused.errors) };
        let id = self.ids().pop().unwrap_or_else(|| "200001".to_owned());
        for said in [
            "Subaccount already exists",
            &format!("import {{\n  to = digicert_subaccount.example\n  id = \"{id}\"\n}}"),
            file.to_str().expect("UTF-8"),
            "rename the record so that it ends in \".record\"",
            "child_name",
        ] {
            assert!(error.contains(said), "{said}: {error}");
        }
        assert_eq!(self.posts(), posts, "nothing is sent");
        assert_eq!(self.files(), [file], "the record is kept");
    }
}

#[tokio::test]
async fn the_record_of_a_run_that_ends_in_order_is_not_taken_over() {
    let fixture = Fixture::new();
    let (object, file) = fixture.deliver("first").await;
    assert!(file.ends_with("digicert-100001-0.delivered"), "{file:?}");
    fixture.assert_refused(&file).await;

    // Another name means another subaccount, without a warning of the delivered record.
    let (_, other) = fixture.create("second").await;
    assert_eq!(other.succeeded().warnings, Vec::<String>::new());

    let mut host = fixture.provider().await;
    host.read(SUBACCOUNT, &object).await.succeeded();
    assert!(!file.exists(), "a refresh has seen it in the state");
}

#[tokio::test]
async fn a_delivered_record_is_respected_even_if_the_list_lacks_the_subaccount() {
    let fixture = Fixture::new();
    let (_, file) = fixture.deliver("first").await;
    let rows = r#"{"subaccounts":[],"page":{"total":0,"limit":1000,"offset":0}}"#.to_owned();
    let empty =
        FaultKind::Body { status: 200, content_type: "application/json".into(), body: rows };
    fixture.sim.fault(Fault::new("GET", "/account/subaccount", empty));
    fixture.assert_refused(&file).await;

    // Without the record, the list decides.
    fixture.sim.clear_faults();
    std::fs::remove_file(&file).expect("the file is writable");
    let (_, refused) = fixture.create("first").await;
    assert!(refused.errors[0].contains("already"), "{:?}", refused.errors);
    assert_eq!(fixture.posts(), 1);
}

#[tokio::test]
async fn a_kill_does_not_change_the_name_of_a_record() {
    let fixture = Fixture::new();
    // Two runs are killed, by the two signals a runner may send: the record is there to be taken over.
    for signal in ["KILL", "TERM"] {
        let (mut host, made) = fixture.create("first").await;
        made.succeeded();
        host.plugin.signal(signal);
        host.plugin.exit().await;
    }
    let [file] = &fixture.files()[..] else { panic!("{:?}", fixture.files()) };
    assert!(file.ends_with("digicert-100001-0.record"), "{file:?}");

    let (_, file) = fixture.deliver("first").await;
    assert_eq!(fixture.posts(), 1, "it was taken over");
    // A run that is refused for it is killed, too.
    for _ in 0..2 {
        fixture.assert_refused(&file).await;
    }
    // A person who knows that the key is in no state renames the record.
    std::fs::rename(&file, file.with_extension("record")).expect("the directory is writable");
    let (_, made) = fixture.create("first").await;
    fixture.assert_whole(&made.succeeded().attributes);
}

#[tokio::test]
async fn a_record_is_not_delivered_if_the_host_disconnects() {
    let fixture = Fixture::new();
    let (mut host, made) = fixture.create("first").await;
    made.succeeded();
    let channel = host.plugin.channel().await;
    let stream = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await;
    drop((stream.expect("the stream opens"), channel));
    host.plugin.exit().await;
    let (_, next) = fixture.create("first").await;
    fixture.assert_whole(&next.succeeded().attributes);
}

#[tokio::test]
async fn a_record_is_not_delivered_if_the_host_exits_during_a_create() {
    let fixture = Fixture::new();
    let (mut host, made) = fixture.create("first").await;
    made.succeeded();
    fixture.sim.fault(Fault::new("POST", "/account", FaultKind::Hold).with_effect());
    let config = named_subaccount("second");
    let mut client = host.client.clone();
    let second = tokio::spawn(async move { attempt(&mut client, &config).await });
    until(|| fixture.posts() == 2).await;
    // As after a second Ctrl-C: the host does not wait for the response, which is recorded anyway.
    host.request_shutdown().await;
    fixture.sim.clear_faults();
    host.plugin.exit().await;
    second.await.expect("no panic");
    assert!(fixture.files().iter().all(|it| it.extension().is_some_and(|it| it == "record")));
    for name in ["first", "second"] {
        let next = fixture.create(name).await.1.succeeded();
        assert!(next.warnings[0].contains("restored from recovery_dir"), "{:?}", next.warnings);
    }
    assert_eq!(fixture.posts(), 2);
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_the_lock() {
    let fixture = Fixture::new();
    let (mut host, made) = fixture.create("first").await;
    made.succeeded();
    let lock = std::fs::File::create(fixture.directory().join(".lock"))
        .expect("the directory is writable");
    lock.lock().expect("it is free");
    let begin = Instant::now();
    host.shut_down().await;
    // A create waits for this lock for ten seconds.
    assert!(begin.elapsed() < Duration::from_secs(10), "the exit does not wait for the lock");
    drop(lock);
    // What could not be marked is still there to be taken over.
    let (_, next) = fixture.create("first").await;
    fixture.assert_whole(&next.succeeded().attributes);
}

#[tokio::test]
async fn in_debug_mode_the_next_configure_delivers_the_record() {
    let fixture = Fixture::new();
    let (mut host, made) = fixture.create("first").await;
    made.succeeded();
    let config = json!({
        "api_key": fixture.sim.api_key(), "base_url": fixture.sim.base_url(),
        "recovery_dir": fixture.directory(),
    });
    assert_eq!(host.configure(Some(dynamic(&config))).await, Vec::<String>::new());
    let [file] = &fixture.files()[..] else { panic!("{:?}", fixture.files()) };
    assert!(file.ends_with("digicert-100001-0.delivered"), "{file:?}");
    let next = host.plan(SUBACCOUNT, &Object::default(), Some(&named_subaccount("first"))).await;
    let config = named_subaccount("first");
    let next = host.apply_planned(SUBACCOUNT, &Object::default(), next.object, Some(&config)).await;
    assert!(next.errors[0].contains(file.to_str().expect("UTF-8")), "{:?}", next.errors);
    assert_eq!(fixture.posts(), 1);
}
