//! A server on loopback that records requests. A closure chooses the response to each.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::io::{AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

/// A request that arrived.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Method and target, such as `GET /account?limit=1000`.
    pub(super) line: String,
    /// Names in lower case.
    pub(super) headers: HashMap<String, String>,
    pub(super) body: String,
    /// Port the request came from: another one is another connection.
    pub(super) port: u16,
}

/// What to do with a request.
#[derive(Clone)]
pub(super) enum Act {
    /// Sends an answer and keeps the connection.
    Answer(String),
    /// Sends these bytes and closes the connection.
    Cut(String),
    /// Waits for a permit before it does something.
    Wait(Arc<Semaphore>, Box<Self>),
    /// Sends a head that announces no length, and a body of so many MiB.
    Flood(usize),
}

/// An answer with a JSON body.
pub(super) fn json(status: u16, body: &str) -> Act {
    answer(status, "Content-Type: application/json\r\n", body)
}

/// An answer with these header lines.
pub(super) fn answer(status: u16, headers: &str, body: &str) -> Act {
    let length = body.len();
    Act::Answer(format!("HTTP/1.1 {status} Any\r\n{headers}Content-Length: {length}\r\n\r\n{body}"))
}

/// An error of the API.
pub(super) fn error(status: u16, code: &str) -> Act {
    json(status, &format!(r#"{{"errors":[{{"code":"{code}","message":"No."}}]}}"#))
}

/// Closes the connection without a response.
pub(super) fn reset() -> Act {
    Act::Cut(String::new())
}

pub(super) struct Server {
    pub(super) url: String,
    seen: watch::Receiver<Vec<Seen>>,
}

impl Server {
    /// Answers the requests in this order, and the last act over and over.
    pub(super) async fn script(acts: Vec<Act>) -> Self {
        Self::new(move |index, _| acts[index.min(acts.len() - 1)].clone()).await
    }

    /// Answers by the number of the request, from zero, and by the request.
    pub(super) async fn new(act: impl Fn(usize, &Seen) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v2", listener.local_addr().unwrap());
        let (sender, seen) = watch::channel(Vec::new());
        let (act, sender) = (Arc::new(act), Arc::new(sender));
        tokio::spawn(async move {
            loop {
                let (stream, peer) = listener.accept().await.unwrap();
                let (act, sender) = (Arc::clone(&act), Arc::clone(&sender));
                tokio::spawn(serve(BufStream::new(stream), peer.port(), sender, act));
            }
        });
        Self { url, seen }
    }

    /// An address without a server.
    pub(super) async fn nobody() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/v2", listener.local_addr().unwrap())
    }

    /// The requests so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.borrow().clone()
    }

    /// The number of requests so far.
    pub(super) fn count(&self) -> usize {
        self.seen.borrow().len()
    }

    /// Waits until this number of requests has arrived.
    pub(super) async fn until(&self, count: usize) {
        self.seen.clone().wait_for(|seen| seen.len() >= count).await.unwrap();
    }
}

async fn serve(
    mut stream: BufStream<TcpStream>,
    port: u16,
    log: Arc<watch::Sender<Vec<Seen>>>,
    act: Arc<impl Fn(usize, &Seen) -> Act>,
) {
    while let Some(seen) = receive(&mut stream, port).await {
        let mut index = 0;
        log.send_modify(|log| {
            index = log.len();
            log.push(seen.clone());
        });
        let mut next = act(index, &seen);
        while let Act::Wait(permits, then) = next {
            permits.acquire().await.unwrap().forget();
            next = *then;
        }
        // A client that went away is part of some tests.
        let kept = match next {
            Act::Answer(bytes) => stream.write_all(bytes.as_bytes()).await.is_ok(),
            Act::Cut(bytes) => stream.write_all(bytes.as_bytes()).await.is_err(),
            Act::Flood(mebibytes) => flood(&mut stream, mebibytes).await.is_err(),
            Act::Wait(..) => unreachable!("waited for above"),
        };
        if stream.flush().await.is_err() || !kept {
            return;
        }
    }
}

/// Reads one request, from any kind of stream.
pub(super) async fn receive<S>(stream: &mut BufStream<S>, port: u16) -> Option<Seen>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        match line.trim_end() {
            "" if lines.is_empty() => return None,
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let headers: HashMap<_, _> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let line = lines[0].trim_end_matches(" HTTP/1.1").replace(" /v2", " ");
    Some(Seen { line, headers, body: String::from_utf8(body).unwrap(), port })
}

async fn flood(stream: &mut BufStream<TcpStream>, mebibytes: usize) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    let chunk = vec![b' '; 1 << 20];
    for _ in 0..mebibytes {
        stream.write_all(&chunk).await?;
    }
    Ok(())
}
