//! Tests of the provider configuration that send no request.

use super::*;
use crate::schema::{Attribute, Check, Kind};

/// Values of which each parser rejects at least one.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "x",
    "a,b",
    "-1",
    "1e400",
    "30",
    "0s",
    "25h",
    "100/5",
    "0/5s",
    "100001/5s",
    "100/0s",
    "/dev/null",
    "/no/such/file",
    "relative/path",
    "~",
    "ünïcode",
    "first\nsecond",
    "with blank",
    "http://example.com",
    "https://user:password@example.com/services/v2",
    "https://example.com/?query",
    "https://example.com/#fragment",
    "https://www.digicert.com",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    "-----BEGIN CERTIFICATE-----\n",
];

/// Every attribute of the provider and its resources, at any depth.
fn attributes() -> Vec<Attribute> {
    fn collect(block: &Block, found: &mut Vec<Attribute>) {
        for attribute in &block.attributes {
            found.push(attribute.clone());
            if let Kind::Block(block) = &attribute.kind {
                collect(block, found);
            }
        }
    }
    let provider = Provider::new();
    let mut found = Vec::new();
    collect(provider.block(), &mut found);
    provider.registry().resources.iter().for_each(|resource| collect(resource.block(), &mut found));
    found
}

#[test]
fn every_parser_states_its_rule_as_a_must() {
    let mut parsers = 0;
    for attribute in attributes() {
        for check in &attribute.checks {
            let Check::Parses(parse) = check else { continue };
            parsers += 1;
            let errors: Vec<_> = HOSTILE.iter().filter_map(|text| parse(text).err()).collect();
            assert!(!errors.is_empty(), "{} accepts everything", attribute.name);
            for error in errors {
                let rule = error.strip_prefix("must ").unwrap_or_default();
                let verb = rule.split(' ').next().unwrap_or_default();
                let verbs = ["be", "not", "have", "use", "end", "contain", "allow"];
                assert!(verbs.contains(&verb), "`{}` {error}", attribute.name);
                assert!(!error.ends_with('.'), "`{}` {error}", attribute.name);
            }
        }
    }
    assert!(parsers >= 6, "{parsers}");
}

#[test]
fn one_number_out_of_range_is_one_error() {
    for (argument, rule) in [
        ("max_retries", "a whole number from 0 to 20"),
        ("max_concurrent_requests", "a whole number from 1 to 32"),
    ] {
        for number in ["-1", "33", "1.5", "1e400"] {
            let number = schema::Number::parse(number).expect("a number");
            let config = Value::Object([(argument, Value::Number(number))].into());
            let problems = Provider::new().validate(&config);
            let details: Vec<_> = problems.iter().map(|it| it.detail.as_str()).collect();
            assert_eq!(details.len(), 1, "{details:?}");
            assert!(details[0].contains(rule), "{details:?}");
        }
    }
}

/// The configuration with this environment only.
fn given(config: Value, environment: &[(&str, &str)]) -> (Given, Vec<Diagnostic>) {
    let variable = |name: &str| {
        let found = environment.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let (given, diagnostics) = Given::new(Configuration::block(), &config, variable);
    (given, diagnostics.into_iter().collect())
}

fn block(arguments: &[(&'static str, &str)]) -> Value {
    Value::Object(arguments.iter().map(|(name, value)| (*name, Value::from(*value))).collect())
}

#[test]
fn the_block_wins_over_the_environment_argument_by_argument() {
    let environment = [("DIGICERT_ACCOUNT_ID", "8"), ("DIGICERT_API_KEY", "OF-THE-ENVIRONMENT")];
    let (given, problems) = given(block(&[("account_id", "7")]), &environment);
    assert_eq!(problems, []);
    assert_eq!(given.config().attribute("account_id").as_str(), Some("7"));
    assert_eq!(given.config().attribute("api_key").as_str(), Some("OF-THE-ENVIRONMENT"));
    assert!(!given.has("base_url"));
    let error = given.error("api_key", "Summary", "Detail.");
    assert_eq!(
        error.detail,
        "Detail. The value of `api_key` comes from the environment variable DIGICERT_API_KEY."
    );
    assert_eq!(given.error("account_id", "Summary", "Detail.").detail, "Detail.");
}

#[test]
fn an_untrusted_certificate_is_reported_at_the_argument_to_fix() {
    let untrusted = || certcentral::Error::Untrusted {
        call: certcentral::Call { method: "GET", path: "account".into() },
        host: "127.0.0.1".into(),
        cause: "UnknownIssuer".into(),
    };
    for (arguments, environment, place, part) in [
        (&[][..], &[][..], "base_url", "The server at the default address of `base_url`"),
        (&[("base_url", "https://127.0.0.1")], &[], "base_url", "The server at `base_url`"),
        (
            &[("ca_certificate", "ca.pem")],
            &[],
            "ca_certificate",
            "`ca_certificate` is set, but the server",
        ),
        (
            &[],
            &[("DIGICERT_CA_CERTIFICATE", "ca.pem")],
            "ca_certificate",
            "comes from the environment variable DIGICERT_CA_CERTIFICATE",
        ),
    ] {
        let (given, _) = given(block(arguments), environment);
        let wrong = certcentral::WrongSetting::CaCertificate(untrusted());
        let error = check::diagnostic(&wrong, &given);
        assert_eq!(error.path.map(|path| path.to_string()).as_deref(), Some(place));
        assert!(error.detail.contains(part), "{}", error.detail);
        assert!(error.detail.contains("UnknownIssuer"), "{}", error.detail);
    }
}

#[test]
fn an_unknown_value_counts_as_set_and_an_empty_variable_does_not() {
    let config = Value::Object([("api_key", Value::Unknown)].into());
    let environment = [("DIGICERT_API_KEY", "OF-THE-ENVIRONMENT"), ("DIGICERT_BASE_URL", "")];
    let (given, problems) = given(config, &environment);
    assert_eq!(problems, []);
    assert_eq!(given.unknown(), ["api_key"]);
    assert!(given.has("api_key") && !given.has("base_url"));
}

#[test]
fn a_problem_of_a_variable_names_it_and_the_argument() {
    let (_, problems) = given(block(&[]), &[("DIGICERT_BASE_URL", "http://example.com")]);
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!(
        problem.detail,
        "`base_url` must use https (http only to a loopback host). The value of `base_url` comes from the \
         environment variable DIGICERT_BASE_URL."
    );
    assert_eq!(problem.path.as_ref().map(ToString::to_string).as_deref(), Some("base_url"));
}
