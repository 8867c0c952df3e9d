//! CA certificates that are trusted in addition to the system's.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::parse::InvalidSetting;

/// One or more CA certificates, given as PEM text or as the path of a PEM file.
///
/// Required for a proxy that intercepts TLS, and for test servers.
#[derive(Clone, PartialEq, Eq)]
pub struct CaCertificate(Vec<CertificateDer<'static>>);

impl CaCertificate {
    pub(super) fn certificates(&self) -> &[CertificateDer<'static>] {
        &self.0
    }
}

impl FromStr for CaCertificate {
    type Err = InvalidSetting;

    /// Reads the file, if the text is a path.
    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        if text.trim().is_empty() {
            return Err(InvalidSetting("must be PEM text or the path of a PEM file".into()));
        }
        if text.contains("-----BEGIN") {
            return parse(text.as_bytes(), "the PEM text");
        }
        // The path is not printed: the value may be a secret that was set in the wrong argument.
        let pem = read(Path::new(text.trim())).map_err(|error| {
            let rule = "must be PEM text or the path of a PEM file";
            InvalidSetting(format!("{rule}; the file could not be read: {error}"))
        })?;
        parse(&pem, "the file")
    }
}

/// Reads a regular file. A pipe or a device is not opened, because it may never end.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut pem = Vec::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut pem)?;
    if u64::try_from(pem.len()).is_ok_and(|length| length > MAX_BYTES) {
        return Err(io::Error::other(format!("it is larger than {} MiB", MAX_BYTES >> 20)));
    }
    Ok(pem)
}

/// Many times the size of a system's CA bundle.
const MAX_BYTES: u64 = 4 << 20;

fn parse(pem: &[u8], source: &str) -> Result<CaCertificate, InvalidSetting> {
    let certificates = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| InvalidSetting(format!("must be valid PEM; {source} is not")))?;
    if certificates.is_empty() {
        return Err(InvalidSetting(format!(
            "must contain at least one certificate; {source} contains none"
        )));
    }
    // Otherwise an unusable certificate would be reported only at the first request.
    let mut roots = RootCertStore::empty();
    for certificate in &certificates {
        roots.add(certificate.clone()).map_err(|_| {
            InvalidSetting(format!(
                "must contain only valid certificates; one in {source} is invalid"
            ))
        })?;
    }
    Ok(CaCertificate(certificates))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    fn pem() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::default().self_signed(&key).unwrap();
        let body = base64::engine::general_purpose::STANDARD.encode(certificate.der());
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    }

    #[test]
    fn text_and_file_give_the_same_certificates() {
        let pem = pem();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), &pem).unwrap();
        let from_file = file.path().to_str().unwrap().parse::<CaCertificate>();
        assert!(from_file.is_ok() && from_file == pem.parse());
        let two = format!("{pem}\n# another\n{pem}").parse::<CaCertificate>();
        assert_eq!(two.map(|ca| ca.certificates().len()), Ok(2));
    }

    #[test]
    fn an_error_states_whether_the_text_or_the_file_is_wrong() {
        let [large, empty] = [(); 2].map(|()| tempfile::NamedTempFile::new().unwrap());
        large.as_file().set_len(MAX_BYTES + 1).unwrap();
        for (text, rule) in [
            (" ", "must be PEM text or the path"),
            ("/no/such/file.pem", "the file could not be read: No such file"),
            ("/", "it is not a regular file"),
            ("/dev/zero", "it is not a regular file"),
            (large.path().to_str().unwrap(), "it is larger than 4 MiB"),
            (
                empty.path().to_str().unwrap(),
                "must contain at least one certificate; the file contains none",
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "must contain at least one certificate; the PEM text contains none",
            ),
            ("-----BEGIN CERTIFICATE-----\n", "must be valid PEM; the PEM text is not"),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
                "must contain only valid certificates",
            ),
        ] {
            let error = text.parse::<CaCertificate>().map(|_| ()).expect_err(text).to_string();
            assert!(error.contains(rule), "{text:?}: {error}");
            assert!(text.len() < 2 || !error.contains(text), "the value is not printed: {error}");
        }
    }
}
