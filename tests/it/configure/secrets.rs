//! People swap arguments: whatever stands in which, no credential is printed or logged.

use certcentral_sim::Options;
use serde_json::{Value, json};

use super::{configure, validate};
use crate::cli::Workspace;
use crate::fixtures::sim;
use crate::host::Host;

/// Credentials as people put them into the wrong place.
const PLANTED: [&str; 5] = [
    "A1B2C3D4E5F6_PLANTED_KEY_0123456789",
    "https://planted-user:planted-password@www.digicert.com/services/v2",
    "-----BEGIN PRIVATE KEY-----\nUExBTlRFRC1QUklWQVRFLUtFWQ==\n-----END PRIVATE KEY-----\n",
    "-----BEGIN CERTIFICATE-----\nUExBTlRFRC1QUklWQVRFLUtFWQ==\n-----END CERTIFICATE-----\n",
    "FIRST_PLANTED_LINE\nSECOND_PLANTED_LINE",
];

/// What must be found nowhere.
const TRACES: [&str; 6] = [
    "PLANTED_KEY",
    "planted-user",
    "planted-password",
    "UExBTlRFRC1QUklWQVRFLUtFWQ",
    "FIRST_PLANTED_LINE",
    "SECOND_PLANTED_LINE",
];

const ARGUMENTS: [(&str, &str); 4] = [
    ("api_key", "DIGICERT_API_KEY"),
    ("account_id", "DIGICERT_ACCOUNT_ID"),
    ("base_url", "DIGICERT_BASE_URL"),
    ("ca_certificate", "DIGICERT_CA_CERTIFICATE"),
];

#[track_caller]
fn assert_no_trace(what: &str, text: &str) {
    for trace in TRACES {
        assert!(!text.contains(trace), "{trace} of {what} is in {text}");
    }
}

#[tokio::test]
async fn no_argument_and_no_variable_is_printed() {
    let sim = sim();
    let url = sim.base_url();
    let mut refused = 0;
    for (argument, variable) in ARGUMENTS {
        for planted in PLANTED {
            for by_environment in [false, true] {
                let mut config = json!({});
                let mut envs =
                    vec![("DIGICERT_API_KEY", sim.api_key()), ("DIGICERT_BASE_URL", url.as_str())];
                if by_environment {
                    envs.push((variable, planted));
                } else {
                    config[argument] = json!(planted);
                }
                let mut host = Host::unconfigured(&envs).await;
                let mut said = validate(&mut host, &config).await;
                said.extend(configure(&mut host, &config).await);
                refused += usize::from(!said.is_empty());
                let what = format!("{argument} = {planted:?} ({by_environment})");
                assert_no_trace(&what, &said.join("\n"));
                assert_no_trace(&what, &host.plugin.stderr());
                assert!(!said.is_empty(), "{what} is wrong, and nothing was said");
            }
        }
    }
    assert_eq!(refused, ARGUMENTS.len() * PLANTED.len() * 2);
}

/// The key itself, wherever else it was put: also where values are printed.
#[tokio::test]
async fn the_key_is_known_before_anything_is_judged() {
    const KEY: &str = "A1B2C3D4E5F6_PLANTED_KEY_0123456789";
    let mut everywhere = json!({
        "account_id": KEY, "base_url": KEY, "ca_certificate": KEY, "request_timeout": KEY,
        "max_retry_wait": KEY, "rate_limits": [KEY, format!("{KEY}/5s")], "recovery_dir": "",
    });
    for envs in [vec![("DIGICERT_API_KEY", KEY)], vec![]] {
        if envs.is_empty() {
            everywhere["api_key"] = json!(KEY);
        }
        let mut host = Host::unconfigured(&envs).await;
        for said in
            [validate(&mut host, &everywhere).await, configure(&mut host, &everywhere).await]
        {
            assert!(said.len() >= 7, "{said:?}");
            let said = said.join("\n");
            assert!(said.contains("(redacted)"), "{said}");
            assert_no_trace("the key", &said);
        }
        assert_no_trace("the key", &host.plugin.stderr());
    }
}

#[tokio::test]
async fn values_of_another_type_are_not_printed() {
    let mut host = Host::unconfigured(&[]).await;
    for (argument, _) in ARGUMENTS {
        for value in [json!(PLANTED), json!({ PLANTED[0]: PLANTED[0] })] {
            let config: Value = json!({ argument: value });
            let mut said = validate(&mut host, &config).await;
            said.extend(configure(&mut host, &config).await);
            assert!(!said.is_empty());
            assert_no_trace(argument, &said.join("\n"));
        }
    }
    assert_no_trace("a value", &host.plugin.stderr());
}

#[test]
fn the_real_cli_prints_none_of_them() {
    for (argument, variable) in ARGUMENTS {
        for planted in PLANTED {
            let mut workspace = Workspace::new(Options::default());
            workspace.set("TF_VAR_planted", planted);
            workspace.write(&format!(
                "variable \"planted\" {{}}\nprovider \"digicert\" {{\n  {argument} = var.planted\n}}\n\
                 resource \"digicert_account_settings\" \"it\" {{}}"
            ));
            let what = format!("{argument} = {planted:?}");
            assert_no_trace(&what, &failed(&workspace));

            workspace
                .write("variable \"planted\" {}\nresource \"digicert_account_settings\" \"it\" {}");
            workspace.set(variable, planted);
            assert_no_trace(&format!("{what} by {variable}"), &failed(&workspace));
        }
    }
}

/// Plans in vain; everything printed and logged.
fn failed(workspace: &Workspace) -> String {
    let said = workspace.run(&["plan", "-input=false", "-no-color"]).failed();
    let log = std::fs::read(workspace.path("trace.log")).expect("a log");
    said + &String::from_utf8_lossy(&log)
}
