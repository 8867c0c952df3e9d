//! The way through a proxy, which must not see the key.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;

use serde_json::json;

use crate::host::{Host, dynamic};
use crate::process::DEADLINE;

const KEY: &str = "KEY-THAT-NO-PROXY-SEES-0123456789";

#[tokio::test]
async fn https_goes_through_the_proxy_unless_no_proxy_says_otherwise() {
    let (proxy, asked) = proxy();
    let mut host = Host::unconfigured(&[("HTTPS_PROXY", &proxy)]).await;
    let error = configure(&mut host).await;
    let host_of_proxy = proxy.trim_start_matches("http://");
    let expected =
        format!("no connection to certcentral.invalid through the proxy {host_of_proxy}: ");
    assert!(error.contains(&expected), "{error}");
    assert!(error.contains("check the proxy"), "{error}");
    let asked = asked.recv_timeout(DEADLINE).expect("the proxy was asked");
    assert!(asked.starts_with("CONNECT certcentral.invalid:443 "), "{asked}");
    assert!(!asked.contains(KEY), "{asked}");
    assert!(!host.plugin.stderr().contains(KEY));
}

#[tokio::test]
async fn no_proxy_keeps_a_host_from_the_proxy() {
    let (proxy, asked) = proxy();
    let envs = [("HTTPS_PROXY", proxy.as_str()), ("NO_PROXY", "certcentral.invalid")];
    let mut host = Host::unconfigured(&envs).await;
    let error = configure(&mut host).await;
    assert!(error.contains("no connection to certcentral.invalid"), "{error}");
    assert!(asked.try_recv().is_err(), "the proxy was not asked");
}

#[tokio::test]
async fn a_proxy_that_nobody_answers_at_is_named_without_its_password() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let proxy = format!("http://user:PASSWORD@{address}");
    let mut host = Host::unconfigured(&[("HTTPS_PROXY", &proxy)]).await;
    let error = configure(&mut host).await;
    assert!(error.contains(&format!("through the proxy {address}: Connection refused")), "{error}");
    assert!(!error.contains("PASSWORD"), "{error}");
}

#[tokio::test]
async fn a_malformed_proxy_is_an_error_that_names_the_variable() {
    for (name, value) in [("HTTPS_PROXY", "http//proxy.example.com"), ("all_proxy", "a proxy")] {
        let mut host = Host::unconfigured(&[(name, value)]).await;
        let error = configure(&mut host).await;
        let expected =
            format!("environment variable {name} is not the address of an http or https");
        assert!(error.contains(&expected), "{error}");
    }
}

/// Configures the provider for a host that does not exist; the error.
async fn configure(host: &mut Host<'_>) -> String {
    let config = json!({
        "api_key": KEY, "base_url": "https://certcentral.invalid/services/v2", "max_retries": 0,
    });
    host.configure(Some(dynamic(&config))).await.remove(0)
}

/// A proxy that refuses everything, and what it was asked first.
fn proxy() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
    let address = listener.local_addr().expect("it is bound");
    let (sender, asked) = mpsc::channel();
    std::thread::spawn(move || {
        for mut connection in listener.incoming().map_while(Result::ok) {
            let mut buffer = [0; 4096];
            let read = connection.read(&mut buffer).unwrap_or(0);
            // Nobody listens any more once the test has ended.
            if sender.send(String::from_utf8_lossy(&buffer[..read]).into_owned()).is_err() {
                return;
            }
            drop(connection.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"));
        }
    });
    (format!("http://{address}"), asked)
}
