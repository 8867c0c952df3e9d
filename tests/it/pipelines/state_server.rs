//! A stand-in for GitLab's storage of states: one state, with a lock, by the protocol of Terraform's HTTP backend.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The server. Its thread ends with the process of the tests.
pub(super) struct StateServer {
    /// Where it listens: what `CI_API_V4_URL` says.
    pub(super) url: String,
    stored: Arc<Mutex<Stored>>,
}

#[derive(Default)]
struct Stored {
    state: Option<String>,
    lock: Option<String>,
    locked: usize,
}

impl StateServer {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
        let url = format!("http://{}/api/v4", listener.local_addr().expect("it is bound"));
        let stored = Arc::<Mutex<Stored>>::default();
        let shared = Arc::clone(&stored);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // A client that has gone needs no response.
                drop(serve(stream, &shared));
            }
        });
        Self { url, stored }
    }

    /// The state; empty if there is none.
    pub(super) fn state(&self) -> String {
        self.stored.lock().expect("no thread panics").state.clone().unwrap_or_default()
    }

    /// How often it was locked. It must not be locked now.
    pub(super) fn locked(&self) -> usize {
        let stored = self.stored.lock().expect("no thread panics");
        assert_eq!(stored.lock, None, "every command unlocks");
        stored.locked
    }
}

fn serve(stream: TcpStream, stored: &Mutex<Stored>) -> std::io::Result<()> {
    let mut reader = BufReader::new(&stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (method, path) = (method.to_owned(), path.to_owned());
    let (mut length, mut authorized) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        match &*name.to_lowercase() {
            "content-length" => length = value.parse().unwrap_or_default(),
            "authorization" => authorized = value.starts_with("Basic "),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    let (status, body) = if authorized && path.starts_with(PATH) {
        stored.lock().expect("no thread panics").answer(&method, &path[PATH.len()..], body)
    } else {
        ("404 Not Found", String::new())
    };
    let length = body.len();
    write!(
        &stream,
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

impl Stored {
    fn answer(&mut self, method: &str, path: &str, body: String) -> (&'static str, String) {
        match (method, path.split('?').next().unwrap_or_default()) {
            ("GET", "") => match &self.state {
                Some(state) => (OK, state.clone()),
                None => ("204 No Content", String::new()),
            },
            ("POST", "") if self.lock.is_some() => {
                self.state = Some(body);
                (OK, String::new())
            }
            ("POST", "/lock") => match &self.lock {
                Some(lock) => ("423 Locked", lock.clone()),
                None => {
                    self.lock = Some(body);
                    self.locked += 1;
                    (OK, String::new())
                }
            },
            ("DELETE", "/lock") => {
                self.lock = None;
                (OK, String::new())
            }
            _ => ("400 Bad Request", String::new()),
        }
    }
}

const OK: &str = "200 OK";

/// Of the state, as GitLab's documentation has it.
const PATH: &str = "/api/v4/projects/42/terraform/state/certcentral";
