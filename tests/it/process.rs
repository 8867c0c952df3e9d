//! Processes of the binary, and connections to them.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use hyper_util::rt::TokioIo;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tonic::transport::{Channel, Endpoint};

use tfplugin5::provider_client::ProviderClient;

/// Messages and client of the provider's own service.
pub(crate) mod tfplugin5 {
    #![allow(missing_docs, unused, unreachable_pub, clippy::all, clippy::doc_markdown)]
    #![allow(unused_qualifications, reason = "generated")]
    include!(concat!(env!("OUT_DIR"), "/client/tfplugin5.rs"));
}

/// Messages and clients of go-plugin's services.
pub(crate) mod go_plugin {
    #![allow(missing_docs, unused, unreachable_pub, clippy::all, clippy::doc_markdown)]
    #![allow(unused_qualifications, reason = "generated")]
    include!(concat!(env!("OUT_DIR"), "/client/plugin.rs"));
}

/// The variables that Terraform adds to the environment of every provider.
pub(crate) const HOST: &[(&str, &str)] = &[
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"),
    ("PLUGIN_PROTOCOL_VERSIONS", "6,5"),
    ("PLUGIN_MIN_PORT", "10000"),
    ("PLUGIN_MAX_PORT", "25000"),
];

/// Longer than any step of a test takes on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// A running provider that has printed its handshake line. It is killed when dropped.
pub(crate) struct Plugin {
    process: Process,
    /// The handshake line's fields.
    pub(crate) line: Vec<String>,
}

impl Plugin {
    /// Starts the provider as Terraform does, without TLS unless `envs` has a `PLUGIN_CLIENT_CERT`, and
    /// waits for its handshake line.
    pub(crate) fn start(envs: &[(&str, &str)]) -> Self {
        let mut process = Process::start(&[], &[HOST, envs].concat());
        let line = process.line();
        Self { process, line: line.split('|').map(str::to_owned).collect() }
    }

    /// Connects to the address of the handshake line.
    pub(crate) async fn socket(&self) -> Box<dyn Socket> {
        socket(&self.line[2], &self.line[3]).await
    }

    /// A channel without TLS.
    pub(crate) async fn channel(&self) -> Channel {
        channel(self.socket().await).await.expect("a connection")
    }

    /// A client of the provider's service, without TLS, and with limits as wide as Terraform's.
    pub(crate) async fn provider(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel().await)
            .max_decoding_message_size(usize::MAX)
            .max_encoding_message_size(usize::MAX)
    }
}

impl std::ops::Deref for Plugin {
    type Target = Process;

    fn deref(&self) -> &Process {
        &self.process
    }
}

impl std::ops::DerefMut for Plugin {
    fn deref_mut(&mut self) -> &mut Process {
        &mut self.process
    }
}

/// A process of the binary, with an empty temporary directory. It is killed when dropped.
pub(crate) struct Process {
    child: Child,
    stdout: mpsc::Receiver<String>,
    stderr: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    temporary: TempDir,
}

impl Process {
    /// Starts the binary with `envs` in its environment, and no other variables that change its behavior.
    pub(crate) fn start(arguments: &[&str], envs: &[(&str, &str)]) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary directory");
        let mut child = command(env!("CARGO_BIN_EXE_terraform-provider-digicert"))
            .args(arguments)
            .env("TMPDIR", temporary.path())
            .envs(envs.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let stdout = lines(child.stdout.take().expect("it is piped"));
        let stderr = Arc::<Mutex<String>>::default();
        let reader = collect(child.stderr.take().expect("it is piped"), Arc::clone(&stderr));
        Self { child, stdout, stderr, reader: Some(reader), temporary }
    }

    /// The next line of stdout.
    pub(crate) fn line(&mut self) -> String {
        let line = self.stdout.recv_timeout(DEADLINE);
        line.unwrap_or_else(|error| panic!("no line on stdout: {error}; stderr: {}", self.stderr()))
    }

    /// The remaining lines of stdout, after the process has closed it.
    pub(crate) fn rest(&mut self) -> String {
        self.stdout.iter().map(|line| line + "\n").collect()
    }

    /// The output on stderr so far: the log, if `TF_LOG` is set, and panics.
    pub(crate) fn stderr(&self) -> String {
        self.stderr.lock().expect("no reader panics").clone()
    }

    /// Waits until stderr is as expected.
    pub(crate) async fn logs(&self, expected: impl Fn(&str) -> bool) {
        let begin = Instant::now();
        while !expected(&self.stderr()) {
            assert!(begin.elapsed() < DEADLINE, "stderr is: {}", self.stderr());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Its process ID.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it is running.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_none()
    }

    /// Waits until it exits. Connections of the test stay open.
    pub(crate) async fn exit(&mut self) -> ExitStatus {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                self.reader.take().map(JoinHandle::join);
                return status;
            }
            assert!(begin.elapsed() < DEADLINE, "it still runs; stderr: {}", self.stderr());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Sends a signal, such as `INT`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.id().to_string()).status();
        assert!(sent.expect("kill is installed").success());
    }

    /// Its temporary directory.
    pub(crate) fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// Names of the files in its temporary directory.
    pub(crate) fn leftovers(&self) -> Vec<std::ffi::OsString> {
        let entries = std::fs::read_dir(self.temporary.path()).expect("the directory is writable");
        entries.map(|entry| entry.expect("the directory is writable").file_name()).collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only if the process has exited.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A program without the environment variables that change its behavior or the provider's.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars() {
        if ["TF_", "PLUGIN_", "DIGICERT_"].iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command
}

fn lines(stdout: ChildStdout) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

fn collect(mut from: impl Read + Send + 'static, into: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..read]);
            into.lock().expect("no reader panics").push_str(&text);
        }
    })
}

/// A stream of bytes in both directions.
pub(crate) trait Socket: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Socket for T {}

/// Connects to an address of a handshake line.
pub(crate) async fn socket(network: &str, address: &str) -> Box<dyn Socket> {
    match network {
        "unix" => Box::new(UnixStream::connect(address).await.expect("the address is in use")),
        "tcp" => Box::new(TcpStream::connect(address).await.expect("the address is in use")),
        other => panic!("no such network: {other}"),
    }
}

/// A gRPC channel over an existing connection.
pub(crate) async fn channel(socket: impl Socket) -> Result<Channel, tonic::transport::Error> {
    let mut socket = Some(TokioIo::new(socket));
    let connector = tower::service_fn(move |_| {
        let socket = socket.take().ok_or_else(|| std::io::Error::other("the connection has ended"));
        std::future::ready(socket)
    });
    Endpoint::from_static("http://localhost").connect_with_connector(connector).await
}
