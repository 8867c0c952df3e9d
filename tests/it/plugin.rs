//! The process as Terraform starts, uses and stops it.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};

use crate::fixtures::mode;
use crate::mtls::{self, Identity};
use crate::process::go_plugin::grpc_broker_client::GrpcBrokerClient;
use crate::process::go_plugin::grpc_controller_client::GrpcControllerClient;
use crate::process::go_plugin::grpc_stdio_client::GrpcStdioClient;
use crate::process::go_plugin::{ConnInfo, Empty, StdioData};
use crate::process::tfplugin5::provider_client::ProviderClient;
use crate::process::tfplugin5::{DynamicValue, get_provider_schema, prepare_provider_config};
use crate::process::{self, Plugin, Process};

async fn schema(channel: Channel) -> Result<get_provider_schema::Response, Status> {
    let answer = ProviderClient::new(channel).get_schema(get_provider_schema::Request {}).await?;
    Ok(answer.into_inner())
}

async fn stdio(channel: &Channel) -> Streaming<StdioData> {
    let answer = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await;
    answer.expect("the stream opens").into_inner()
}

async fn shut_down(channel: &Channel) {
    GrpcControllerClient::new(channel.clone()).shutdown(Empty {}).await.expect("an answer");
}

/// The process exits with code 0, without output and without temporary files.
async fn assert_clean_end(plugin: &mut Process) {
    let status = plugin.exit().await;
    assert_eq!(status.code(), Some(0), "{}", plugin.stderr());
    assert_eq!(plugin.rest(), "");
    assert_eq!(plugin.stderr(), "");
    assert!(plugin.leftovers().is_empty(), "{:?}", plugin.leftovers());
}

#[test]
fn handshake_line_without_tls() {
    let plugin = Plugin::start(&[]);
    let [core, protocol, network, path, kind, certificate] = &plugin.line[..] else {
        panic!("{:?}", plugin.line);
    };
    assert_eq!([core, protocol, network, kind, certificate], ["1", "5", "unix", "grpc", ""]);
    assert_eq!(mode(Path::new(path).parent().expect("a directory")), 0o700);
}

#[tokio::test]
async fn the_protocol_version_is_5_for_every_host() {
    for versions in ["5", "6", "4,5,6", "nonsense", ""] {
        let plugin = Plugin::start(&[("PLUGIN_PROTOCOL_VERSIONS", versions)]);
        assert_eq!(plugin.line[1], "5");
    }
}

#[tokio::test]
async fn a_session_over_automtls() {
    let host = Identity::new();
    let mut plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", &host.pem())]);
    assert!(plugin.line[5].len() > 50 && !plugin.line[5].contains('='));

    let channel = mtls::channel(&plugin, Some(&host)).await.expect("the host is welcome");
    let broker = GrpcBrokerClient::new(channel.clone())
        .start_stream(tokio_stream::empty::<ConnInfo>())
        .await;
    assert_eq!(broker.expect_err("it is not served").code(), Code::Unimplemented);
    let mut stdio = stdio(&channel).await;
    assert!(schema(channel.clone()).await.expect("a schema").provider.is_some());

    shut_down(&channel).await;
    assert!(stdio.message().await.expect("it ends in order").is_none());
    // Without a warning of unfinished requests, which would be on stderr.
    assert_clean_end(&mut plugin).await;
}

#[tokio::test]
async fn only_the_host_is_served_with_every_type_of_key() {
    for (kind, [host, stranger]) in Identity::pairs() {
        let envs = [("PLUGIN_CLIENT_CERT", &*host.pem()), ("TF_LOG", "warn")];
        let mut plugin = Plugin::start(&envs);
        for identity in [None, Some(&stranger), Some(&host.stolen_by(&stranger))] {
            // In TLS 1.3 the handshake of the client succeeds before the server has checked its certificate.
            if let Ok(channel) = mtls::channel(&plugin, identity).await {
                schema(channel).await.expect_err("a stranger gets no answer");
            }
        }
        let plain = process::channel(plugin.socket().await).await;
        if let Ok(channel) = plain {
            schema(channel).await.expect_err("without TLS there is no answer");
        }
        let channel = mtls::channel(&plugin, Some(&host)).await;
        let channel = channel.unwrap_or_else(|error| panic!("{kind}: {error}"));
        schema(channel).await.unwrap_or_else(|error| panic!("{kind}: {error}"));
        plugin.logs(|log| log.matches("TLS handshake failed").count() == 4).await;
        assert!(plugin.runs());
    }
}

#[tokio::test]
async fn invalid_and_silent_connections_do_not_block_others() {
    let host = Identity::new();
    for envs in [vec![], vec![("PLUGIN_CLIENT_CERT", host.pem())]] {
        let envs: Vec<_> = envs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let plugin = Plugin::start(&envs);
        let silent = plugin.socket().await;
        let mut noisy = plugin.socket().await;
        noisy.write_all(&[0x16; 4096]).await.expect("it reads");
        // Either the end of the stream or a reset is fine.
        drop(noisy.read_to_end(&mut Vec::new()).await);
        drop(plugin.socket().await);

        let channel = match envs.is_empty() {
            true => plugin.channel().await,
            false => mtls::channel(&plugin, Some(&host)).await.expect("the host is welcome"),
        };
        schema(channel).await.expect("a schema");
        drop(silent);
    }
}

#[tokio::test]
async fn messages_may_be_larger_than_four_mebibytes() {
    let plugin = Plugin::start(&[]);
    let mut provider = plugin.provider().await;
    let request = get_provider_schema::Request {};
    provider.get_schema(request).await.expect("a schema");

    let msgpack = vec![0xc0; 5 << 20];
    let config = Some(DynamicValue { msgpack, json: Vec::new() });
    let answer =
        provider.prepare_provider_config(prepare_provider_config::Request { config }).await;
    // Other tests check the response.
    assert_ne!(answer.err().map(|status| status.code()), Some(Code::OutOfRange));
}

#[tokio::test]
async fn the_process_exits_when_the_host_disconnects() {
    let mut plugin = Plugin::start(&[]);
    let channel = plugin.channel().await;
    let stream = stdio(&channel).await;
    let begin = Instant::now();
    drop((stream, channel));
    assert_clean_end(&mut plugin).await;
    assert!(begin.elapsed() > Duration::from_millis(900), "a goodbye could still have come");
}

#[tokio::test]
async fn the_process_exits_when_the_host_closes_the_stdio_stream() {
    let mut plugin = Plugin::start(&[]);
    let channel = plugin.channel().await;
    drop(stdio(&channel).await);
    assert_clean_end(&mut plugin).await;
}

#[tokio::test]
async fn sigint_is_ignored_and_other_signals_end_the_process() {
    for ending in ["TERM", "HUP"] {
        let mut plugin = Plugin::start(&[]);
        let channel = plugin.channel().await;
        let _stdio = stdio(&channel).await;
        for _ in 0..3 {
            plugin.signal("INT");
            schema(channel.clone()).await.expect("it goes on");
        }
        plugin.signal(ending);
        assert_clean_end(&mut plugin).await;
    }
}

#[tokio::test]
async fn a_port_on_request() {
    let host = Identity::new();
    let listen = ("TF_PLUGIN_DIGICERT_LISTEN", "tcp");
    let mut plugins = Vec::new();
    for _ in 0..2 {
        let plugin = Plugin::start(&[listen, ("PLUGIN_CLIENT_CERT", &host.pem())]);
        assert_eq!(plugin.line[2], "tcp");
        let port = plugin.line[3].strip_prefix("127.0.0.1:").expect("this machine only");
        assert!((10000..=25000).contains(&port.parse::<u16>().expect("a port")));
        let channel = mtls::channel(&plugin, Some(&host)).await.expect("the host is welcome");
        schema(channel.clone()).await.expect("a schema");
        plugins.push((plugin, channel));
    }
    for (mut plugin, channel) in plugins {
        shut_down(&channel).await;
        assert_clean_end(&mut plugin).await;
    }
}

/// A directory whose path is too long for a Unix socket in it.
fn too_deep_for_a_socket() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let deep = folder.path().join("d".repeat(120));
    std::fs::create_dir(&deep).expect("the directory is writable");
    let deep = deep.to_str().expect("it is ASCII").to_owned();
    (folder, deep)
}

#[tokio::test]
async fn a_tcp_port_is_used_if_the_path_is_too_long_for_a_unix_socket() {
    let (_folder, deep) = too_deep_for_a_socket();
    let host = Identity::new();
    let plugin = Plugin::start(&[("TMPDIR", &deep), ("PLUGIN_CLIENT_CERT", &host.pem())]);
    assert_eq!(plugin.line[2], "tcp");
    let channel = mtls::channel(&plugin, Some(&host)).await.expect("the host is welcome");
    schema(channel).await.expect("a schema");
    assert_eq!(std::fs::read_dir(deep).expect("it exists").count(), 0);
}

#[tokio::test]
async fn without_tls_a_tcp_port_is_used_on_request_only() {
    let (_folder, deep) = too_deep_for_a_socket();
    let envs = [process::HOST, &[("TMPDIR", &*deep)]].concat();
    for arguments in [&[] as &[_], &["--debug"]] {
        let mut process = Process::start(arguments, &envs);
        assert_eq!(process.exit().await.code(), Some(1));
        assert_eq!(process.rest(), "");
        let stderr = process.stderr();
        assert!(stderr.contains(&format!("cannot create a Unix socket in {deep}: ")), "{stderr}");
        assert!(stderr.contains("set TF_PLUGIN_DIGICERT_LISTEN=tcp"), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
}

#[tokio::test]
async fn a_port_without_tls_is_warned_of() {
    let envs = [process::HOST, &[("TF_PLUGIN_DIGICERT_LISTEN", "tcp")]].concat();
    for arguments in [&[] as &[_], &["--debug"]] {
        let mut process = Process::start(arguments, &envs);
        while !process.line().contains("127.0.0.1:") {}
        let warning = "without TLS: every user of this machine can connect";
        process.logs(|log| log.starts_with("[WARN] ") && log.contains(warning)).await;
        assert_eq!(process.stderr().lines().count(), 1);
    }
}

#[test]
fn only_its_own_user_reaches_the_socket_of_debug_mode() {
    let mut process = Process::start(&["--debug"], &[]);
    while !process.line().contains("TF_REATTACH_PROVIDERS") {}
    let [folder] = &process.leftovers()[..] else { panic!("{:?}", process.leftovers()) };
    let folder = process.temporary().join(folder);
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(process.stderr(), "");
}

#[tokio::test]
async fn the_host_chooses_directory_and_group_of_the_socket() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let directory = folder.path().to_str().expect("it is ASCII");
    for flags in ["-gn", "-g"] {
        let group = text(Command::new("id").arg(flags).output().expect("id is there"));
        let mut plugin = Plugin::start(&[
            ("PLUGIN_UNIX_SOCKET_DIR", directory),
            ("PLUGIN_UNIX_SOCKET_GROUP", group.trim()),
        ]);
        let path = Path::new(&plugin.line[3]);
        assert!(path.starts_with(directory));
        assert_eq!(mode(path), 0o660);
        assert_eq!(mode(path.parent().expect("a directory")), 0o710);
        let gid = text(Command::new("id").arg("-g").output().expect("id is there"));
        assert_eq!(path.metadata().expect("a socket").gid().to_string(), gid.trim());

        let channel = plugin.channel().await;
        shut_down(&channel).await;
        assert_clean_end(&mut plugin).await;
        assert_eq!(std::fs::read_dir(directory).expect("it is ours").count(), 0);
    }
}

#[tokio::test]
async fn a_startup_error_is_one_line() {
    for (envs, message) in [
        (vec![("PLUGIN_CLIENT_CERT", "nonsense")], "PLUGIN_CLIENT_CERT is not a PEM certificate"),
        (
            vec![("PLUGIN_UNIX_SOCKET_GROUP", "no such group")],
            "PLUGIN_UNIX_SOCKET_GROUP is not an existing group: \"no such group\"",
        ),
        (
            vec![("PLUGIN_UNIX_SOCKET_DIR", "/nowhere/at/all")],
            "cannot create a Unix socket in /nowhere/at/all: ",
        ),
        (
            vec![("TF_PLUGIN_DIGICERT_LISTEN", "tcp"), ("PLUGIN_MAX_PORT", "x")],
            "PLUGIN_MAX_PORT is not a port number: \"x\"",
        ),
    ] {
        let mut process = Process::start(&[], &[process::HOST, &envs].concat());
        assert_eq!(process.exit().await.code(), Some(1));
        assert_eq!(process.rest(), "");
        let stderr = process.stderr();
        assert!(stderr.starts_with(&format!("terraform-provider-digicert: {message}")), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(process.leftovers().is_empty());
    }
}

#[tokio::test]
async fn options_and_output_of_the_command_line() {
    for (arguments, code, stdout, stderr) in [
        (&[] as &[_], 1, "", "This program is a Terraform provider"),
        (&["--version"], 0, concat!("terraform-provider-digicert ", env!("CARGO_PKG_VERSION")), ""),
        (&["--help"], 0, "Terraform provider for DigiCert CertCentral.", ""),
        (&["--frobnicate"], 1, "", "terraform-provider-digicert: invalid option '--frobnicate'"),
    ] {
        let mut process = Process::start(arguments, &[]);
        assert_eq!(process.exit().await.code(), Some(code));
        for (expected, found) in [(stdout, process.rest()), (stderr, process.stderr())] {
            assert!(found.starts_with(expected), "{found}");
            assert_eq!(found.is_empty(), expected.is_empty(), "{found}");
        }
    }
}

fn text(output: Output) -> String {
    String::from_utf8(output.stdout).expect("it is ASCII")
}
