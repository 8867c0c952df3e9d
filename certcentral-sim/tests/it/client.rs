//! An HTTP client that reports resets, cut bodies and missing responses.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use certcentral_sim::Sim;
use serde_json::Value;

/// A response as it was received.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: String,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fields = self.headers.lines().filter_map(|it| it.split_once(": "));
        fields.into_iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The codes of an error, joined.
    pub(crate) fn codes(&self) -> String {
        let body = self.json();
        let errors = body["errors"].as_array().unwrap();
        let codes: Vec<&str> = errors.iter().map(|it| it["code"].as_str().unwrap()).collect();
        codes.join(" ")
    }
}

pub(crate) fn get(sim: &Sim, path: &str) -> Answer {
    try_send(sim, "GET", path, None).unwrap()
}

pub(crate) fn post(sim: &Sim, path: &str, body: Value) -> Answer {
    try_send(sim, "POST", path, Some(body)).unwrap()
}

pub(crate) fn put(sim: &Sim, path: &str, body: Value) -> Answer {
    try_send(sim, "PUT", path, Some(body)).unwrap()
}

pub(crate) fn delete(sim: &Sim, path: &str) -> Answer {
    try_send(sim, "DELETE", path, None).unwrap()
}

/// Sends with the administrator's key. An error means that no complete response head was received.
pub(crate) fn try_send(
    sim: &Sim,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> io::Result<Answer> {
    let body = body.map(|it| it.to_string());
    let key = ("X-DC-DEVKEY", sim.api_key());
    let json = ("Content-Type", "application/json");
    let path = format!("/services/v2{path}");
    match &body {
        Some(body) => raw(sim, method, &path, &[key, json], body),
        None => raw(sim, method, &path, &[key], ""),
    }
}

/// Sends with these headers.
pub(crate) fn raw(
    sim: &Sim,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<Answer> {
    let base = sim.base_url();
    let address = base.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n");
    request += "Connection: close\r\nUser-Agent: it/1\r\n";
    request += &format!("Content-Length: {}\r\n", body.len());
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&String::from_utf8(bytes).unwrap())
}

fn parse(text: &str) -> io::Result<Answer> {
    let (head, body) = text.split_once("\r\n\r\n").ok_or(ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
    Ok(Answer {
        status: status.ok_or(ErrorKind::InvalidData)?,
        headers: head.to_owned(),
        text: body.to_owned(),
    })
}
