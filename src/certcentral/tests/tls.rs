//! Trust in certificates.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use base64::Engine as _;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncWriteExt as _, BufStream};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::super::Error;
use super::server::receive;
use super::{client, settings};

/// An HTTPS server with a certificate of a CA of its own: its address, the CA as PEM, and how many
/// requests arrived.
pub(super) async fn server() -> (String, String, Arc<AtomicUsize>) {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::default();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_der = ca.self_signed(&ca_key).unwrap().der().clone();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/v2", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = requests.clone();
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        loop {
            let (stream, peer) = listener.accept().await.unwrap();
            // A client that does not trust us ends the handshake.
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let mut stream = BufStream::new(stream);
            if receive(&mut stream, peer.port()).await.is_some() {
                counter.fetch_add(1, SeqCst);
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await.unwrap();
                stream.flush().await.unwrap();
            }
        }
    });
    let body = base64::engine::general_purpose::STANDARD.encode(ca_der);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    (url, pem, requests)
}

#[tokio::test]
async fn a_configured_ca_is_trusted() {
    let (url, pem, requests) = server().await;
    let mut settings = settings(&url);
    let stranger = client(settings.clone()).session();
    for error in [
        stranger.get("x", &[]).await.map(drop).expect_err("not trusted"),
        stranger.post("x", &serde_json::json!({})).await.map(drop).expect_err("not trusted"),
    ] {
        assert!(matches!(error, Error::Untrusted { .. }) && !error.effect_unknown(), "{error}");
        assert!(error.to_string().contains("set ca_certificate to its CA"), "{error}");
    }
    assert_eq!(requests.load(SeqCst), 0, "the key was not sent");

    settings.ca_certificate = Some(pem.parse().unwrap());
    client(settings).session().get("x", &[]).await.expect("trusted");
    assert_eq!(requests.load(SeqCst), 1);
}
