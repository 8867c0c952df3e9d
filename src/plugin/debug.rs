//! `--debug`: a provider that somebody starts, perhaps in a debugger, and Terraform is led to.

use serde_json::json;

use super::handshake::PROTOCOL;
use super::listener::Address;

/// What a person needs to lead Terraform here, ready to be pasted into a shell.
pub(super) fn invitation(address: &Address, pid: u32) -> String {
    let here = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL,
        "Pid": pid,
        // Keeps Terraform from ending a process that is not its own.
        "Test": true,
        "Addr": { "Network": address.network, "String": address.text },
    });
    // An address without a host is on the registry of the CLI that reads it.
    let reattach = json!({
        "registry.terraform.io/certcentral/digicert": here,
        "registry.opentofu.org/certcentral/digicert": here,
    });
    format!(
        "Serving until Ctrl-C. In another terminal, run this and then terraform or tofu:\n\n\
         export TF_REATTACH_PROVIDERS={}\n\n",
        quoted(&reattach.to_string())
    )
}

/// The text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_gets_back_what_was_quoted() {
        assert_eq!(quoted("{}"), "'{}'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
