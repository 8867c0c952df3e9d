//! Unexpected files in `recovery_dir`, and a lock that another process holds.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt, symlink};
use std::process::Command;

use super::*;
use crate::process::tfplugin5::diagnostic::Severity;

impl Fixture {
    /// Creates the directory as the provider does.
    fn prepared() -> Self {
        let fixture = Self::new();
        let made = DirBuilder::new().mode(0o700).create(fixture.directory());
        made.expect("the directory is writable");
        fixture
    }

    /// A create is refused at once because of this file, and nothing is sent.
    async fn assert_refused_for(&self, file: &str) {
        let (_, refused) = in_time(self.create("first")).await;
        let [error] = &refused.errors[..] else { panic!("{file}: {:?}", refused.errors) };
        let path = self.directory().join(file);
        assert!(error.contains(path.to_str().expect("UTF-8")), "{error}");
        assert!(error.contains("is not a regular file"), "{error}");
        assert!(error.contains("No request was sent"), "{error}");
        assert_eq!(self.posts(), 0);
    }
}

async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future).await.expect("it does not hang")
}

fn make_fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("mkfifo is there");
    assert!(made.success());
}

#[tokio::test]
async fn a_lock_or_record_that_is_no_regular_file_is_an_error_at_once() {
    for name in [".lock", "digicert-100001-0.record", "digicert-100001-7.delivered"] {
        let fixture = Fixture::prepared();
        let path = fixture.directory().join(name);
        let target = fixture.parent.path().join("target");
        symlink(&target, &path).expect("the directory is writable");
        fixture.assert_refused_for(name).await;
        assert!(!target.exists(), "the link was not followed");

        std::fs::write(&target, "somebody's").expect("the directory is writable");
        fixture.assert_refused_for(name).await;
        assert_eq!(std::fs::read_to_string(&target).expect("it exists"), "somebody's");

        std::fs::remove_file(&path).expect("the directory is writable");
        make_fifo(&path);
        fixture.assert_refused_for(name).await;

        std::fs::remove_file(&path).expect("the directory is writable");
        std::fs::create_dir(&path).expect("the directory is writable");
        fixture.assert_refused_for(name).await;
        assert!(path.exists());
    }
}

#[tokio::test]
async fn a_stop_ends_the_wait_for_the_lock() {
    let fixture = Fixture::prepared();
    let lock = File::create(fixture.directory().join(".lock")).expect("the directory is writable");
    lock.lock().expect("it is free");
    let mut host = fixture.provider().await;
    let (mut client, config) = (host.client.clone(), named_subaccount("first"));
    let applying = tokio::spawn(async move { apply(&mut client, &config).await });
    host.plugin.logs(|log| log.contains("waiting for another process")).await;

    host.client.stop(wire::stop::Request::default()).await.expect("an answer");
    let answer = in_time(applying).await.expect("no panic");
    // A wait that is not stopped ends with another error.
    assert!(answer[0].contains("interrupted before completion"), "{answer:?}");
    assert_eq!((fixture.posts(), fixture.files().len()), (0, 0));

    // The provider accepts calls again, and the stopped create has left no record.
    drop(lock);
    host.apply(SUBACCOUNT, &Object::default(), Some(&named_subaccount("first"))).await.succeeded();
    assert_eq!((fixture.posts(), fixture.files().len()), (1, 1));
}

#[tokio::test]
async fn other_calls_are_answered_while_a_create_waits_for_the_lock() {
    let fixture = Fixture::prepared();
    let mut host = fixture.provider().await;
    let made = host.apply(SUBACCOUNT, &Object::default(), Some(&named_subaccount("other"))).await;
    let lock = File::create(fixture.directory().join(".lock")).expect("the directory is writable");
    lock.lock().expect("it is free");
    let (mut client, config) = (host.client.clone(), named_subaccount("first"));
    let applying = tokio::spawn(async move { apply(&mut client, &config).await });
    host.plugin.logs(|log| log.contains("waiting for another process")).await;

    host.read(SUBACCOUNT, &made.succeeded().object).await.succeeded();
    assert!(!applying.is_finished(), "the read did not wait for the lock");
    drop(lock);
    assert_eq!(in_time(applying).await.expect("no panic"), Vec::<String>::new());
}

/// Plans and applies a create; its errors.
async fn apply(client: &mut ProviderClient<Channel>, config: &Value) -> Vec<String> {
    let config = Some(dynamic(config));
    let planned = client.plan_resource_change(wire::plan_resource_change::Request {
        type_name: SUBACCOUNT.to_owned(),
        proposed_new_state: config.clone(),
        config: config.clone(),
        ..wire::plan_resource_change::Request::default()
    });
    let planned_state = planned.await.expect("an answer").into_inner().planned_state;
    let applied = client.apply_resource_change(wire::apply_resource_change::Request {
        type_name: SUBACCOUNT.to_owned(),
        planned_state,
        config,
        ..wire::apply_resource_change::Request::default()
    });
    let diagnostics = applied.await.expect("an answer").into_inner().diagnostics;
    let errors = diagnostics.into_iter().filter(|it| it.severity() == Severity::Error);
    errors.map(|it| it.detail).collect()
}

#[tokio::test]
async fn a_certificate_file_that_never_ends_is_no_certificate() {
    let fixture = Fixture::new();
    let fifo = fixture.parent.path().join("ca.pem");
    make_fifo(&fifo);
    for path in [fifo.to_str().expect("UTF-8"), "/dev/zero", "/dev/tty", "/tmp"] {
        let mut host = Host::unconfigured(&[]).await;
        let config = json!({ "api_key": "EXAMPLE", "ca_certificate": path });
        let errors = in_time(host.configure(Some(dynamic(&config)))).await;
        assert!(errors[0].contains("is not a regular file"), "{errors:?}");
    }
}

/// Counts the bytes that were read, which only Linux provides in `/proc`.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_refresh_reads_each_record_once() {
    const MANY: usize = 30;
    let fixture = Fixture::new();
    let mut host = Host::start(
        &fixture.sim,
        json!({ "recovery_dir": fixture.directory(), "rate_limits": [] }),
    )
    .await;
    let mut objects = Vec::new();
    for number in 0..MANY {
        let config = named_subaccount(&format!("number {number}"));
        let made = host.apply(SUBACCOUNT, &Object::default(), Some(&config)).await;
        objects.push((made.succeeded().object, config));
    }
    host.shut_down().await;
    let records = fixture.files();
    assert_eq!(records.len(), MANY);
    let size = records[0].metadata().expect("it exists").len();

    let mut host = Host::start(
        &fixture.sim,
        json!({ "recovery_dir": fixture.directory(), "rate_limits": [] }),
    )
    .await;
    let before = bytes_read(host.plugin.id());
    for (object, config) in &objects {
        host.read(SUBACCOUNT, object).await.succeeded();
        host.plan(SUBACCOUNT, object, Some(config)).await.succeeded();
    }
    let records_read = (bytes_read(host.plugin.id()) - before) / size;
    println!("as many bytes as {records_read} records have");
    assert!(fixture.files().is_empty());
    let most = u64::try_from(5 * MANY).expect("it fits");
    assert!(records_read < most, "as many bytes as {records_read} records have, of {MANY}");
}

#[cfg(target_os = "linux")]
fn bytes_read(process: u32) -> u64 {
    let io = std::fs::read_to_string(format!("/proc/{process}/io")).expect("a child");
    let line = io.lines().find_map(|line| line.strip_prefix("rchar: ")).expect("a count");
    line.parse().expect("a number")
}
