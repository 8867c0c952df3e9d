use tokio::time::Instant;

use super::*;

/// Milliseconds until a process with these `events` exits. Its server ends with the shutdown.
async fn exits_after<E>(
    mode: Mode,
    events: impl FnOnce(Lifetime, watch::Sender<usize>) -> E,
) -> u128
where
    E: Future<Output = ()>,
{
    exits_with(mode, async {}, events).await
}

/// The same, with the work that ends a run in order.
async fn exits_with<E>(
    mode: Mode,
    end_run: impl Future<Output = ()>,
    events: impl FnOnce(Lifetime, watch::Sender<usize>) -> E,
) -> u128
where
    E: Future<Output = ()>,
{
    let (lifetime, writes) = (Lifetime::new(mode), watch::Sender::new(0));
    let begin = Instant::now();
    let server = lifetime.shutdown.clone().cancelled_owned();
    let running = lifetime.run(pending(), writes.subscribe(), || {}, end_run, server);
    let events = async {
        events(lifetime.clone(), writes).await;
        pending::<()>().await;
    };
    tokio::select! {
        () = running => begin.elapsed().as_millis(),
        () = events => unreachable!("it is pending"),
    }
}

async fn seconds(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_ends_the_process_at_once() {
    let shutdown = async |life: Lifetime, _| life.shutdown.cancel();
    assert_eq!(exits_after(Mode::Plugin, shutdown).await, 0);
    assert_eq!(exits_after(Mode::Debug, shutdown).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_a_short_time_for_writes() {
    let short = async |life: Lifetime, writes: watch::Sender<usize>| {
        writes.send_replace(1);
        life.shutdown.cancel();
        seconds(1).await;
        writes.send_replace(0);
    };
    assert_eq!(exits_after(Mode::Plugin, short).await, 1000);

    let long = async |life: Lifetime, writes: watch::Sender<usize>| {
        writes.send_replace(1);
        life.shutdown.cancel();
        seconds(10).await;
        drop(writes);
    };
    assert_eq!(exits_after(Mode::Plugin, long).await, 1500);
}

#[tokio::test(start_paused = true)]
async fn a_run_ends_in_order_only_if_the_host_has_every_response() {
    let count = std::cell::Cell::new(0);
    let end_run = || async { count.set(count.get() + 1) };
    let shutdown = async |life: Lifetime, _| life.shutdown.cancel();
    let disconnect = async |life: Lifetime, _| life.stdio_closed.cancel();
    exits_with(Mode::Plugin, end_run(), shutdown).await;
    exits_with(Mode::Plugin, end_run(), disconnect).await;
    assert_eq!(count.get(), 0);

    let delivered = async |life: Lifetime, _| {
        life.delivered.cancel();
        life.shutdown.cancel();
    };
    assert_eq!(exits_with(Mode::Plugin, end_run(), delivered).await, 0);
    assert_eq!(count.get(), 1);
    assert_eq!(exits_with(Mode::Plugin, pending(), delivered).await, 1500);
}

#[tokio::test(start_paused = true)]
async fn without_a_host_the_process_waits_longer_for_writes() {
    let disconnect = async |life: Lifetime, _| life.stdio_closed.cancel();
    assert_eq!(exits_after(Mode::Plugin, disconnect).await, 1000);

    let writing = async |life: Lifetime, writes: watch::Sender<usize>| {
        writes.send_replace(2);
        life.stdio_closed.cancel();
        seconds(20).await;
        writes.send_replace(0);
    };
    assert_eq!(exits_after(Mode::Plugin, writing).await, 20_000);

    let stuck = async |life: Lifetime, writes: watch::Sender<usize>| {
        writes.send_replace(1);
        life.stdio_closed.cancel();
        seconds(100).await;
        drop(writes);
    };
    assert_eq!(exits_after(Mode::Plugin, stuck).await, 31_000);
}

#[tokio::test(start_paused = true)]
async fn without_connections_the_process_exits() {
    assert_eq!(exits_after(Mode::Plugin, async |_, _| {}).await, 60_000);

    let one_connection = async |life: Lifetime, _| {
        seconds(50).await;
        life.connections.send_replace(1);
        seconds(100).await;
        life.connections.send_replace(0);
    };
    assert_eq!(exits_after(Mode::Plugin, one_connection).await, 210_000);
}

#[tokio::test(start_paused = true)]
async fn a_debugged_process_outlives_its_hosts() {
    let hosts = async |life: Lifetime, _| {
        life.stdio_closed.cancel();
        seconds(1000).await;
        life.shutdown.cancel();
    };
    assert_eq!(exits_after(Mode::Debug, hosts).await, 1_000_000);
}
