//! Terraform's side of AutoMTLS: certificates like those of go-plugin, with several kinds of keys, and the
//! TLS client.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use p521::ecdsa::signature::Signer as _;
use p521::ecdsa::{Signature, SigningKey};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::sign::{CertifiedKey, Signer, SingleCertAndKey};
use rustls::{ClientConfig, RootCertStore, SignatureAlgorithm, SignatureScheme, crypto::ring};
use tokio_rustls::TlsConnector;
use tonic::transport::Channel;

use crate::process::{self, Plugin};

/// A host's key and its self-signed certificate.
pub(crate) struct Identity {
    key: Arc<dyn rustls::sign::SigningKey>,
    certificate: CertificateDer<'static>,
}

impl Identity {
    /// An identity like those that go-plugin creates.
    pub(crate) fn new() -> Self {
        let mut scalar = [0; 66];
        ring::default_provider().secure_random.fill(&mut scalar).expect("randomness");
        // The order of the curve has 521 bits: the topmost bits of 66 bytes must be clear.
        scalar[0] = 0;
        let key = P521(Arc::new(SigningKey::from_slice(&scalar).expect("it is below the order")));
        Self { certificate: certificate(&key).into(), key: Arc::new(key) }
    }

    /// Two identities for each supported kind of key, with the name of the kind.
    pub(crate) fn pairs() -> Vec<(&'static str, [Self; 2])> {
        let generated = |algorithm| {
            [(); 2].map(|()| Self::of(&KeyPair::generate_for(algorithm).expect("randomness")))
        };
        let rsa = PrivatePkcs8KeyDer::pem_slice_iter(include_bytes!("rsa_keys.pem")).map(|key| {
            let key = key.expect("a key in PEM form");
            Self::of(&KeyPair::from_pkcs8_der_and_sign_algo(&key, &PKCS_RSA_SHA256).expect("RSA"))
        });
        let rsa: [Self; 2] = rsa.collect::<Vec<_>>().try_into().ok().expect("two keys");
        vec![
            ("P-521", [Self::new(), Self::new()]),
            ("P-256", generated(&rcgen::PKCS_ECDSA_P256_SHA256)),
            ("P-384", generated(&rcgen::PKCS_ECDSA_P384_SHA384)),
            ("Ed25519", generated(&rcgen::PKCS_ED25519)),
            ("RSA", rsa),
        ]
    }

    fn of(key: &KeyPair) -> Self {
        let params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        let certificate = params.self_signed(key).expect("a certificate").der().clone();
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        Self { key: ring::sign::any_supported_type(&key).expect("a key"), certificate }
    }

    /// This certificate with the key of another identity.
    pub(crate) fn stolen_by(&self, thief: &Self) -> Self {
        Self { key: Arc::clone(&thief.key), certificate: self.certificate.clone() }
    }

    /// The value of `PLUGIN_CLIENT_CERT`.
    pub(crate) fn pem(&self) -> String {
        let base64 = STANDARD.encode(&self.certificate);
        let lines: Vec<_> =
            base64.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    fn resolver(&self) -> SingleCertAndKey {
        CertifiedKey::new(vec![self.certificate.clone()], Arc::clone(&self.key)).into()
    }
}

/// Connects as go-plugin does: with TLS 1.3 for `localhost`, trusting only the certificate in the handshake
/// line, and with the client certificate of `identity`.
pub(crate) async fn channel(
    plugin: &Plugin,
    identity: Option<&Identity>,
) -> Result<Channel, Box<dyn std::error::Error>> {
    let mut roots = RootCertStore::empty();
    roots.add(STANDARD_NO_PAD.decode(&plugin.line[5])?.into())?;
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots);
    let mut config = match identity {
        Some(identity) => config.with_client_cert_resolver(Arc::new(identity.resolver())),
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    let name = ServerName::try_from("localhost")?;
    let stream = TlsConnector::from(Arc::new(config)).connect(name, plugin.socket().await).await?;
    Ok(process::channel(stream).await?)
}

/// A signing key for rustls. ring does not support this curve.
#[derive(Clone)]
struct P521(Arc<SigningKey>);

impl P521 {
    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.0.sign(message);
        signature.to_der().as_bytes().to_vec()
    }
}

impl std::fmt::Debug for P521 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("P521")
    }
}

impl rustls::sign::SigningKey for P521 {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered
            .contains(&SignatureScheme::ECDSA_NISTP521_SHA512)
            .then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for P521 {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        Ok(self.signature(message))
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}

/// A certificate like those of go-plugin, in DER. rcgen does not support P-521 without aws-lc-rs.
fn certificate(key: &P521) -> Vec<u8> {
    let ecdsa_with_sha512 = sequence(&[oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4])]);
    let name = sequence(&[
        set(&sequence(&[oid(&[0x55, 4, 10]), der(0x13, b"HashiCorp")])),
        set(&sequence(&[oid(&[0x55, 4, 3]), der(0x13, b"localhost")])),
    ]);
    let validity = sequence(&[der(0x17, b"250101000000Z"), der(0x17, b"491231235959Z")]);
    let point = key.0.verifying_key().to_sec1_point(false);
    let curve =
        sequence(&[oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]), oid(&[0x2b, 0x81, 4, 0, 35])]);
    let public_key = sequence(&[curve, bit_string(0, point.as_bytes())]);
    // digitalSignature, keyEncipherment, keyAgreement and keyCertSign are bits 0, 2, 4 and 5.
    let usage = bit_string(2, &[0b1010_1100]);
    let purposes = sequence(&[2, 1].map(|purpose| oid(&[0x2b, 6, 1, 5, 5, 7, 3, purpose])));
    let extensions = sequence(&[
        extension(15, true, &usage),
        extension(37, false, &purposes),
        extension(19, true, &sequence(&[der(1, &[0xff])])),
        extension(17, false, &sequence(&[der(0x82, b"localhost")])),
    ]);
    let body = sequence(&[
        der(0xa0, &der(2, &[2])),
        der(2, &[1, 2, 3, 4]),
        ecdsa_with_sha512.clone(),
        name.clone(),
        validity,
        name,
        public_key,
        der(0xa3, &extensions),
    ]);
    let signature = bit_string(0, &key.signature(&body));
    sequence(&[body, ecdsa_with_sha512, signature])
}

fn extension(id: u8, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { der(1, &[0xff]) } else { Vec::new() };
    sequence(&[oid(&[0x55, 0x1d, id]), critical, der(4, value)])
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    der(0x30, &parts.concat())
}

fn set(part: &[u8]) -> Vec<u8> {
    der(0x31, part)
}

fn oid(encoded: &[u8]) -> Vec<u8> {
    der(6, encoded)
}

fn bit_string(unused: u8, bits: &[u8]) -> Vec<u8> {
    der(3, &[&[unused], bits].concat())
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(short @ ..=127) => out.push(short),
        Ok(byte) => out.extend([0x81, byte]),
        Err(_) => {
            out.push(0x82);
            out.extend(u16::try_from(length).expect("certificates are small").to_be_bytes());
        }
    }
    out.extend(content);
    out
}
