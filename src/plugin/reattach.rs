//! The instructions that `--debug` prints: how to attach Terraform to a provider that is running.

use serde_json::json;

use super::handshake::PROTOCOL;
use super::listener::Address;

/// The value of `TF_REATTACH_PROVIDERS`, as a command to paste into a shell.
pub(super) fn instructions(address: &Address, pid: u32) -> String {
    let process = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL,
        "Pid": pid,
        // Keeps Terraform from ending a process that it did not start.
        "Test": true,
        "Addr": { "Network": address.network, "String": address.text },
    });
    // A source address without a host belongs to the registry of the CLI that reads it.
    let reattach = json!({
        "registry.terraform.io/certcentral/digicert": process,
        "registry.opentofu.org/certcentral/digicert": process,
    });
    format!(
        "Provider started. To attach Terraform or OpenTofu, set this environment variable in another \
         terminal. To stop the provider, press Ctrl-C.\n\n\
         export TF_REATTACH_PROVIDERS={}\n\n",
        shell_word(&reattach.to_string())
    )
}

/// The text as one word of a POSIX shell.
fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_a_quoted_text_as_one_word() {
        assert_eq!(shell_word("{}"), "'{}'");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
    }
}
