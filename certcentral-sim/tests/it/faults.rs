//! Every kind of fault, with and without effect.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use certcentral_sim::{Fault, FaultKind, Options, Sim};

use crate::client::{Answer, get, try_send};
use crate::subaccounts::subaccount;

fn start() -> Sim {
    Sim::start(Options::default()).unwrap()
}

/// Creates a subaccount with this fault. Returns the response, and whether it was created.
fn create(sim: &Sim, fault: Fault) -> (std::io::Result<Answer>, bool) {
    let before = sim.with(|world| world.subaccounts.len());
    sim.fault(fault);
    let body = subaccount("managed", "Example Org");
    let answer = try_send(sim, "POST", "/account", Some(body));
    sim.clear_faults();
    (answer, sim.with(|world| world.subaccounts.len()) > before)
}

fn on_create(kind: FaultKind) -> Fault {
    Fault::new("POST", "/account", kind)
}

#[test]
fn a_status_has_a_body_in_the_format_of_the_api() {
    let sim = start();
    let fault = on_create(FaultKind::too_many_requests(Some("7")));
    let (answer, made) = create(&sim, fault);
    let answer = answer.unwrap();
    assert_eq!((answer.status, made), (429, false));
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert_eq!(answer.codes(), "request_limit_exceeded");

    let (answer, made) = create(&sim, on_create(FaultKind::status(503)).with_effect());
    assert_eq!((answer.unwrap().status, made), (503, true));
    let recorded = sim.requests().pop().unwrap();
    assert_eq!((recorded.status, recorded.effect), (503, true));
}

#[test]
fn a_reset_connection_has_no_response() {
    let sim = start();
    let (answer, made) = create(&sim, on_create(FaultKind::Reset));
    assert_eq!((answer.unwrap_err().kind(), made), (ErrorKind::ConnectionReset, false));
    let (answer, made) = create(&sim, on_create(FaultKind::Reset).with_effect());
    assert_eq!((answer.unwrap_err().kind(), made), (ErrorKind::ConnectionReset, true));
    let recorded = sim.requests().pop().unwrap();
    assert_eq!((recorded.status, recorded.effect), (0, true));
    assert_eq!(sim.issued_keys().len(), 1);
}

#[test]
fn a_closed_connection_has_no_response() {
    let sim = start();
    let (answer, made) = create(&sim, on_create(FaultKind::Close).with_effect());
    assert_eq!((answer.unwrap_err().kind(), made), (ErrorKind::UnexpectedEof, true));
}

#[test]
fn a_truncated_body_has_the_length_of_the_whole() {
    let sim = start();
    let cut = || on_create(FaultKind::Truncated { bytes: 40 });
    for (fault, effect) in [(cut(), false), (cut().with_effect(), true)] {
        let (answer, made) = create(&sim, fault);
        let answer = answer.unwrap();
        assert_eq!((answer.status, made, answer.text.len()), (201, effect, 40));
        let promised: usize = answer.header("content-length").unwrap().parse().unwrap();
        assert!(promised > 200, "{promised}");
    }
    assert_eq!(sim.issued_keys().len(), 1);
}

#[test]
fn a_foreign_body_replaces_the_response() {
    let sim = start();
    let body = |status, content_type: &str, body: &str| {
        let (content_type, body) = (content_type.to_owned(), body.to_owned());
        on_create(FaultKind::Body { status, content_type, body }).with_effect()
    };
    let (answer, made) = create(&sim, body(502, "text/html", "<h1>Incapsula</h1>"));
    let answer = answer.unwrap();
    assert_eq!((answer.status, made, &*answer.text), (502, true, "<h1>Incapsula</h1>"));
    assert_eq!(answer.header("content-type"), Some("text/html"));
    let (answer, _) = create(&sim, body(200, "application/json", ""));
    assert_eq!(answer.unwrap().text, "");
}

#[test]
fn a_response_can_be_about_another_object() {
    let sim = start();
    let fault = FaultKind::OtherObject { id: 300_002 };
    sim.fault(Fault::new("GET", "/organization/*", fault).times(1));
    let ids = [(); 2].map(|()| get(&sim, "/organization/300001").json()["id"].clone());
    assert_eq!(ids, [300_002, 300_001]);
}

#[test]
fn a_delay_can_follow_or_precede_the_effect() {
    let sim = start();
    let delay = || on_create(FaultKind::Delay(Duration::from_millis(200)));
    for fault in [delay(), delay().with_effect()] {
        let started = Instant::now();
        let (answer, made) = create(&sim, fault);
        assert_eq!((answer.unwrap().status, made), (201, true));
        assert!(started.elapsed() >= Duration::from_millis(200));
    }
}

#[test]
fn a_held_response_waits_until_the_faults_are_cleared() {
    let sim = start();
    let hold = || on_create(FaultKind::Hold);
    for fault in [hold(), hold().with_effect()] {
        sim.take_requests();
        sim.with(|world| world.subaccounts.clear());
        sim.fault(fault);
        std::thread::scope(|scope| {
            let body = subaccount("managed", "Example Org");
            let answer = scope.spawn(|| try_send(&sim, "POST", "/account", Some(body)));
            until_received(&sim);
            assert!(!answer.is_finished());
            assert_eq!(sim.requests()[0].status, 0);
            sim.clear_faults();
            assert_eq!(answer.join().unwrap().unwrap().status, 201);
        });
        assert_eq!(sim.with(|world| world.subaccounts.len()), 1);
    }
    // A caller that disconnects first leaves an effect only if the effect precedes the hold.
    for (fault, effect) in [(hold(), false), (hold().with_effect(), true)] {
        sim.take_requests();
        sim.fault(fault);
        abandon(&sim);
        sim.clear_faults();
        assert_eq!(sim.requests()[0].effect, effect);
    }
}

/// Sends a request that creates a subaccount, and disconnects before its answer.
fn abandon(sim: &Sim) {
    use std::io::Write;
    let base = sim.base_url();
    let address = base.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let body = subaccount("retail", "Abandoned Org").to_string();
    let request = format!(
        "POST /services/v2/account HTTP/1.1\r\nHost: x\r\nX-DC-DEVKEY: {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        sim.api_key(),
        body.len(),
    );
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    // A connection that is closed before its request is read leaves no record.
    until_received(sim);
    drop(stream);
    sim.wait_for_disconnects().unwrap();
}

fn until_received(sim: &Sim) {
    while sim.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_hanging_request_gets_no_response_and_blocks_no_other() {
    let sim = start();
    let (answer, made) = create(&sim, on_create(FaultKind::Hang).with_effect());
    let timed_out = [ErrorKind::WouldBlock, ErrorKind::TimedOut];
    assert!(timed_out.contains(&answer.unwrap_err().kind()));
    assert!(made);
    assert_eq!(get(&sim, "/account").status, 200);
    drop(sim);
}

#[test]
fn a_storm_refuses_some() {
    let sim = start();
    let (probability, seed, statuses) = (0.5, 1, vec![429, 503]);
    let retry_after = Some("1".to_owned());
    sim.fault(Fault::any("*", FaultKind::Storm { probability, seed, statuses, retry_after }));
    let answers: Vec<Answer> = (0..60).map(|_| get(&sim, "/account")).collect();
    let of = |status: u16| answers.iter().filter(move |it| it.status == status).count();
    assert!(of(200) > 10 && of(429) > 5 && of(503) > 5, "{} {} {}", of(200), of(429), of(503));
    let with_header = answers.iter().filter(|it| it.header("retry-after").is_some()).count();
    assert!(with_header > 3 && with_header < of(429) + of(503));
}

#[test]
fn faults_match_method_path_and_count() {
    let sim = start();
    sim.fault(Fault::new("GET", "/account*", FaultKind::status(500)).after(1).times(1));
    let statuses: Vec<u16> = (0..3).map(|_| get(&sim, "/account").status).collect();
    assert_eq!(statuses, [200, 500, 200]);
    assert_eq!(sim.count("GET", "/account"), 3);
    assert_eq!(sim.count("POST", "/account"), 0);
}
