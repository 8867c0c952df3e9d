//! Diagnostics for a failed check of the provider configuration, each at its argument.

use super::given::Given;
use crate::certcentral::{Error, WrongSetting};
use crate::schema::Diagnostic;

/// The error for a wrong setting. It contains no value of an argument.
pub(super) fn diagnostic(wrong: &WrongSetting, given: &Given) -> Diagnostic {
    match wrong {
        WrongSetting::ApiKey(error) => given.error(
            "api_key",
            "API key rejected",
            format!("CertCentral rejected the key in `api_key`: {error}."),
        ),
        WrongSetting::AccountId { found } => given.error(
            "account_id",
            "API key of another account",
            format!(
                "The API key belongs to account {found}, but `account_id` is the ID of another account. Use an \
                 API key of the account in `account_id`, or correct `account_id`."
            ),
        ),
        WrongSetting::CaCertificate(error) => untrusted(error, given),
        WrongSetting::BaseUrl(error @ Error::NotReached { .. }) => given.error(
            "base_url",
            "No connection to CertCentral",
            format!(
                "CertCentral cannot be reached at {}: {error}. Check the address, the network and the proxy \
                 (HTTPS_PROXY, NO_PROXY).",
                address(given)
            ),
        ),
        WrongSetting::BaseUrl(error) => given.error(
            "base_url",
            "No CertCentral API at base_url",
            format!(
                "The server at {} does not respond like the CertCentral API: {error}. The address must end in /services/v2: \
                 https://www.digicert.com/services/v2 for US accounts, \
                 https://certcentral.digicert.eu/services/v2 for European ones. If it is correct, run the command \
                 again later: CertCentral may be under maintenance.",
                address(given)
            ),
        ),
    }
}

/// Without `ca_certificate`, `base_url` may be wrong too, so the error is reported there.
fn untrusted(error: &Error, given: &Given) -> Diagnostic {
    if matches!(error, Error::Settings(_)) {
        return given.error("ca_certificate", "No HTTPS client", format!("{error}."));
    }
    let (argument, detail) = if given.has("ca_certificate") {
        (
            "ca_certificate",
            format!("`ca_certificate` is set, but the server is not trusted: {error}."),
        )
    } else {
        ("base_url", format!("The server at {} is not trusted: {error}.", address(given)))
    };
    given.error(argument, "Certificate not trusted", detail)
}

fn address(given: &Given) -> &'static str {
    if given.has("base_url") { "`base_url`" } else { "the default address of `base_url`" }
}
