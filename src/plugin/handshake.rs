//! How host and plugin find each other: the environment the host sets, the one line the plugin answers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::listener::Address;

/// Version of Terraform's protocol that is served. `PLUGIN_PROTOCOL_VERSIONS` lists what the host
/// speaks; where there is only one answer, nothing is negotiated, and a host that does not speak it says
/// so better than the plugin could.
pub(super) const PROTOCOL: u32 = 5;

/// The host's own certificate, in PEM: present, it asks for TLS both ways.
pub(super) const CLIENT_CERTIFICATE: &str = "PLUGIN_CLIENT_CERT";

/// Whether Terraform or OpenTofu started the process. The cookie is no secret; it only tells a host from
/// a person.
pub(super) fn started_by_host(environment: impl Fn(&str) -> Option<String>) -> bool {
    environment("TF_PLUGIN_MAGIC_COOKIE").as_deref() == Some(COOKIE)
}

/// The line the host waits for: where to connect, and the certificate to expect there.
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
        assert!(started_by_host(|name| (name == "TF_PLUGIN_MAGIC_COOKIE").then(|| COOKIE.into())));
        assert!(!started_by_host(|_| Some("other".into())));
        assert!(!started_by_host(|_| None));
    }

    #[test]
    fn line_has_six_fields_and_no_padding() {
        let unix = Address { network: "unix", text: "/tmp/x/s".into() };
        assert_eq!(line(&unix, None), "1|5|unix|/tmp/x/s|grpc|\n");
        assert_eq!(line(&unix, Some(&[0xff])), "1|5|unix|/tmp/x/s|grpc|/w\n");
    }
}
