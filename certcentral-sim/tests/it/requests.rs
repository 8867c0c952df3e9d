//! Keys, paths, bodies and limits, before any endpoint.

use std::time::Duration;

use certcentral_sim::{Options, RateLimit, Sim};
use serde_json::json;

use crate::client::{delete, get, post, raw};

#[test]
fn a_wrong_or_missing_key_is_refused_with_403() {
    let sim = Sim::start(Options::default()).unwrap();
    for headers in [&[][..], &[("X-DC-DEVKEY", "wrong")]] {
        let answer = raw(&sim, "GET", "/services/v2/account", headers, "").unwrap();
        assert_eq!(answer.status, 403);
        assert_eq!(answer.codes(), "access_denied|access_denied_invalid_key");
    }
}

#[test]
fn an_unknown_path_or_method_is_no_route() {
    let sim = Sim::start(Options::default()).unwrap();
    for answer in
        [get(&sim, "/certificates"), get(&sim, "/account/subaccount/x"), delete(&sim, "/account")]
    {
        assert_eq!((answer.status, &*answer.codes()), (404, "not_found|route"));
    }
}

#[test]
fn a_body_that_is_not_json_is_refused() {
    let sim = Sim::start(Options::default()).unwrap();
    let key = ("X-DC-DEVKEY", sim.api_key());
    let json = ("Content-Type", "application/json");
    for (headers, body) in [(vec![key, json], "{"), (vec![key], "{}"), (vec![key, json], "")] {
        let answer = raw(&sim, "POST", "/services/v2/account", &headers, body).unwrap();
        assert_eq!((answer.status, &*answer.codes()), (400, "bad_request_format"));
    }
}

#[test]
fn unknown_query_parameters_are_refused() {
    let sim = Sim::start(Options::default()).unwrap();
    let answer = get(&sim, "/account/subaccount?filters%5Bname%5D=x");
    assert_eq!((answer.status, &*answer.codes()), (400, "unknown_parameter|filters[name]"));
}

#[test]
fn requests_are_recorded() {
    let sim = Sim::start(Options::default()).unwrap();
    get(&sim, "/account");
    post(&sim, "/account?x=1", json!({ "a": 1 }));
    let requests = sim.take_requests();
    assert_eq!(requests.len(), 2);
    let [read, write] = &requests[..] else { unreachable!() };
    assert_eq!((&*read.method, &*read.path, read.status), ("GET", "/account", 200));
    assert_eq!(read.user_agent, "it/1");
    assert_eq!((&*write.query, write.status, write.effect), ("x=1", 400, false));
    assert_eq!(write.body, json!({ "a": 1 }));
    assert!(sim.requests().is_empty());
}

#[test]
fn a_key_that_exceeds_its_rate_limit_gets_429() {
    let limited = |window| {
        let rate_limit = Some(RateLimit { requests: 2, window });
        Sim::start(Options { rate_limit, ..Options::default() }).unwrap()
    };
    let sim = limited(Duration::from_secs(3600));
    let statuses: Vec<u16> = (0..3).map(|_| get(&sim, "/account").status).collect();
    assert_eq!(statuses, [200, 200, 429]);
    assert_eq!(get(&sim, "/account").codes(), "request_limit_exceeded");

    let window = Duration::from_millis(20);
    let sim = limited(window);
    for _ in 0..3 {
        assert_eq!(get(&sim, "/account").status, 200);
        std::thread::sleep(window);
    }
}

#[test]
fn keys_and_worlds_differ_between_simulators() {
    let (one, other) =
        (Sim::start(Options::default()).unwrap(), Sim::start(Options::default()).unwrap());
    assert_ne!(one.api_key(), other.api_key());
    assert_ne!(one.base_url(), other.base_url());
    assert!(one.api_key().len() > 40);
}

#[test]
fn a_dropped_simulator_is_gone() {
    let sim = Sim::start(Options::default()).unwrap();
    let base = sim.base_url();
    let address = base.strip_prefix("http://").unwrap().split('/').next().unwrap();
    std::net::TcpStream::connect(address).unwrap();
    drop(sim);
    assert!(std::net::TcpStream::connect(address).is_err());
}
