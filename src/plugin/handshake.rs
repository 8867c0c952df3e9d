//! The handshake of go-plugin: the environment that the host sets, and the line that the plugin prints.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::listener::Address;

/// Version of Terraform's protocol that is served.
///
/// `PLUGIN_PROTOCOL_VERSIONS` lists the versions that the host supports. It is ignored: only one version
/// is served, and the host reports a version that it does not support.
pub(super) const PROTOCOL: u32 = 5;

/// The variable with the host's certificate, in PEM. If it is set, the host expects mutual TLS.
pub(super) const CLIENT_CERTIFICATE: &str = "PLUGIN_CLIENT_CERT";

/// Whether Terraform or OpenTofu started the process. The cookie is not secret: it only distinguishes a
/// host from a person.
pub(super) fn is_started_by_host(environment: impl Fn(&str) -> Option<String>) -> bool {
    environment("TF_PLUGIN_MAGIC_COOKIE").as_deref() == Some(COOKIE)
}

/// The line that the host waits for: the address, and the certificate of the server.
pub(super) fn line(address: &Address, certificate: Option<&[u8]>) -> String {
    let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
    let Address { network, text } = address;
    format!("{CORE}|{PROTOCOL}|{network}|{text}|grpc|{certificate}\n")
}

/// Version of the handshake itself.
const CORE: u32 = 1;

const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_cookie_of_terraform_counts() {
        assert!(is_started_by_host(
            |name| (name == "TF_PLUGIN_MAGIC_COOKIE").then(|| COOKIE.into())
        ));
        assert!(!is_started_by_host(|_| Some("other".into())));
        assert!(!is_started_by_host(|_| None));
    }

    #[test]
    fn line_has_six_fields_and_no_padding() {
        let unix = Address { network: "unix", text: "/tmp/x/s".into() };
        assert_eq!(line(&unix, None), "1|5|unix|/tmp/x/s|grpc|\n");
        assert_eq!(line(&unix, Some(&[0xff])), "1|5|unix|/tmp/x/s|grpc|/w\n");
    }
}
