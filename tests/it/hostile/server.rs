//! A server that answers what a test gives it, as fast as it is read.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;

/// What was asked for.
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Path, without the query.
    pub(crate) path: String,
    /// `offset` of the query.
    pub(crate) offset: usize,
}

impl Asked {
    /// The ID at the end of the path.
    pub(crate) fn id(&self) -> Option<u64> {
        self.path.rsplit('/').next()?.parse().ok()
    }
}

/// A body that is made while it is sent.
pub(crate) struct Body {
    pub(crate) status: u16,
    pub(crate) start: String,
    /// The same over and over, each with its number in place of `#`.
    pub(crate) again: String,
    pub(crate) times: usize,
    pub(crate) end: String,
    /// Whether it is packed.
    pub(crate) gzip: bool,
}

/// Starts it on a free port; the base URL.
pub(crate) fn start(answer: impl Fn(&Asked) -> Body + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
    let address = listener.local_addr().expect("it is bound");
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = Arc::clone(&answer);
            // A client that has read enough hangs up.
            std::thread::spawn(move || drop(serve(stream, &*answer)));
        }
    });
    format!("http://{address}/v2")
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(&Asked) -> Body) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        match header.trim_end().to_ascii_lowercase().split_once(": ") {
            Some(("content-length", text)) => length = text.parse().unwrap_or(0),
            Some(_) => {}
            None => break,
        }
    }
    reader.take(length).read_to_end(&mut Vec::new())?;
    let mut words = line.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default().trim_start_matches("/v2").to_owned();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let offset = query.split('&').find_map(|it| it.strip_prefix("offset="));
    let offset = offset.and_then(|it| it.parse().ok()).unwrap_or(0);
    let body = answer(&Asked { method, path: path.to_owned(), offset });
    let encoding = if body.gzip { "Content-Encoding: gzip\r\n" } else { "" };
    write!(
        stream,
        "HTTP/1.1 {} Any\r\nContent-Type: application/json\r\n{encoding}Connection: close\r\n\r\n",
        body.status
    )?;
    if body.gzip {
        let mut packed = GzEncoder::new(stream, Compression::fast());
        body.write(&mut packed)?;
        packed.finish()?;
        return Ok(());
    }
    body.write(&mut stream)
}

impl Body {
    fn write(&self, to: &mut dyn Write) -> std::io::Result<()> {
        to.write_all(self.start.as_bytes())?;
        let parts: Vec<_> = self.again.split('#').collect();
        let mut chunk = String::new();
        for number in 0..self.times {
            let number = if parts.len() > 1 { number.to_string() } else { String::new() };
            chunk += &parts.join(&number);
            if chunk.len() > 1 << 16 {
                to.write_all(chunk.as_bytes())?;
                chunk.clear();
            }
        }
        to.write_all(chunk.as_bytes())?;
        to.write_all(self.end.as_bytes())
    }
}
