//! The command line of `export`.

use std::path::PathBuf;

use lexopt::{Arg::Long, Error, Parser, ValueExt};

use super::Types;
use crate::provider::Provider;
use crate::schema::{Attribute, Number, Object, Type, Value};

/// What to export, and where to.
#[derive(Default)]
pub struct Options {
    pub(super) out: PathBuf,
    pub(super) force: bool,
    /// Objects whose name contains this text.
    pub(super) search: Option<String>,
    /// The provider block that the flags stand for.
    pub(super) provider: Value,
    only: Vec<&'static str>,
    exclude: Vec<&'static str>,
    help: bool,
}

impl Options {
    /// Reads the arguments after `export`.
    ///
    /// # Errors
    ///
    /// If one of them is not known or has no valid value, or if `--out` is missing.
    pub fn parse(arguments: &mut Parser) -> Result<Self, Error> {
        let (provider, mut options) = (Provider::new(), Self::default());
        let mut block: Object =
            provider.block().attributes.iter().map(|it| (it.name, Value::Null)).collect();
        while let Some(argument) = arguments.next()? {
            let Long(flag) = argument else { return Err(argument.unexpected()) };
            match flag {
                "help" => return Ok(Self { help: true, ..options }),
                "out" => options.out = arguments.value()?.into(),
                "force" => options.force = true,
                "search" => options.search = Some(arguments.value()?.string()?),
                "only" => options.only.extend(types(&arguments.value()?.string()?, &provider)?),
                "exclude" => {
                    options.exclude.extend(types(&arguments.value()?.string()?, &provider)?)
                }
                other => {
                    let name = other.replace('-', "_");
                    // The API key is a flag of no command: other users of the machine could read it.
                    let is_it = |it: &&Attribute| it.name == name && !it.sensitive;
                    let Some(attribute) = provider.block().attributes.iter().find(is_it) else {
                        return Err(argument.unexpected());
                    };
                    let given = block.get_or_default(attribute.name);
                    *given = value(attribute, given, arguments)?;
                }
            }
        }
        if options.out.as_os_str().is_empty() {
            return Err("export needs --out with the directory to write to".into());
        }
        options.provider = Value::Object(block);
        Ok(options)
    }

    /// Whether the user asked for [`HELP`] only.
    pub fn asks_for_help(&self) -> bool {
        self.help
    }

    /// The types to export, by name.
    pub(super) fn types(&self) -> Types {
        let is_wanted = |name: &&str| {
            (self.only.is_empty() || self.only.contains(name)) && !self.exclude.contains(name)
        };
        let all = Provider::new().registry().resources.iter();
        all.map(|it| (it.type_name(), *it)).filter(|(name, _)| is_wanted(name)).collect()
    }
}

/// The resource types in a text, with or without the name of the provider before them.
fn types(text: &str, provider: &Provider) -> Result<Vec<&'static str>, Error> {
    let known: Vec<_> = provider.registry().resources.iter().map(|it| it.type_name()).collect();
    let find = |name: &str| {
        let is_it = |it: &&&str| **it == name || it.strip_prefix(PREFIX) == Some(name);
        known.iter().find(is_it).copied().ok_or_else(|| {
            Error::from(format!("{name:?} is not a resource type; there are: {}", known.join(", ")))
        })
    };
    text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(find).collect()
}

/// The value of a provider argument; lists are separated by commas, or their flag is repeated.
fn value(attribute: &Attribute, earlier: &Value, arguments: &mut Parser) -> Result<Value, Error> {
    let of = attribute.kind.value_type();
    if *of == Type::Bool {
        return match arguments.optional_value() {
            None => Ok(true.into()),
            Some(text) => Ok(Value::Bool(text.parse()?)),
        };
    }
    let text = arguments.value()?.string()?;
    match of {
        Type::Number => Number::parse(&text)
            .map(Value::Number)
            .ok_or_else(|| format!("{} must be a number, but is {text:?}", attribute.name).into()),
        Type::List(_) => {
            let earlier = match earlier {
                Value::List(elements) => elements.as_slice(),
                _ => &[],
            };
            let new = text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(Value::from);
            Ok(Value::List(earlier.iter().cloned().chain(new).collect()))
        }
        _ => Ok(Value::String(text)),
    }
}

/// Of every resource type.
pub(super) const PREFIX: &str = "digicert_";

/// What `export --help` prints.
pub const HELP: &str = "\
Write Terraform configurations and import blocks for the existing objects of an account.

Usage: terraform-provider-digicert export --out DIRECTORY [options]

The API key is read from the environment variable DIGICERT_API_KEY. Nothing is changed at
CertCentral. Files appear in the directory only after everything was read.

Options:
  --out DIRECTORY   directory to write to; it is created if it does not exist
  --force           replace the files of an earlier export; other files are never replaced
  --only TYPES      export only these resource types, such as digicert_user,digicert_division
  --exclude TYPES   do not export these resource types
  --search TEXT     export only objects whose name contains this text
  --help            print this help

Every argument of the provider block except api_key and every environment variable of the
provider has the same effect as in Terraform. Arguments are written as flags:
  --base-url URL, --account-id ID, --ca-certificate PEM, --request-timeout 60s,
  --max-retries 5, --max-retry-wait 4m, --rate-limits 100/5s,1000/3m,
  --max-concurrent-requests 4, --refresh-from-lists
";

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Options, String> {
        let mut parser = Parser::from_args(arguments);
        Options::parse(&mut parser).map_err(|error| error.to_string())
    }

    #[test]
    fn flags_are_arguments_of_the_provider() {
        let flags = [
            "--out",
            "dir",
            "--max-retries=7",
            "--rate_limits",
            "10/1s,20/3s",
            "--rate-limits=30/1m",
            "--refresh-from-lists",
            "--base-url",
            "http://localhost:1/services/v2",
        ];
        let options = parsed(&flags).expect("valid");
        let shown = |name: &str| options.provider.attribute(name).show();
        assert_eq!(shown("max_retries"), "7");
        assert_eq!(shown("rate_limits"), r#"["10/1s", "20/3s", "30/1m"]"#);
        assert_eq!(shown("refresh_from_lists"), "true");
        assert_eq!(shown("base_url"), r#""http://localhost:1/services/v2""#);
        assert_eq!(shown("max_retry_wait"), "null");
        let off = parsed(&["--out", "dir", "--refresh-from-lists=false", "--rate-limits="]);
        let off = off.expect("valid").provider;
        assert_eq!(off.attribute("refresh_from_lists").show(), "false");
        assert_eq!(off.attribute("rate_limits").show(), "[]");
    }

    #[test]
    fn types_are_named_with_or_without_the_provider() {
        let names = |flags: &[&str]| {
            let options = parsed(&[&["--out", "dir"], flags].concat()).expect("valid");
            options.types().into_keys().collect::<Vec<_>>()
        };
        assert_eq!(
            names(&["--only", "user,digicert_division"]),
            ["digicert_division", "digicert_user"]
        );
        assert_eq!(
            names(&["--only=user", "--only=division", "--exclude=user"]),
            ["digicert_division"]
        );
        assert!(names(&["--exclude", "webhook"]).len() > 5);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = |flags: &[&str]| parsed(flags).err().unwrap_or_default();
        assert!(error(&[]).contains("--out"));
        assert!(error(&["--out", "d", "--only", "usr"]).contains("\"usr\" is not a resource type"));
        assert!(error(&["--out", "d", "--max-retries", "x"]).contains("must be a number"));
        assert!(error(&["--out", "d", "--api-key", "x"]).contains("--api-key"));
        assert!(error(&["--out", "d", "more"]).contains("unexpected argument"));
        assert!(parsed(&["--help"]).expect("valid").asks_for_help());
    }

    #[test]
    fn the_help_names_every_argument_of_the_provider() {
        let (provider, others) = (Provider::new(), ["recovery_dir"]);
        let arguments = provider.block().attributes.iter().filter(|it| !it.sensitive);
        for argument in arguments.filter(|it| !others.contains(&it.name)) {
            assert!(
                HELP.contains(&format!("--{}", argument.name.replace('_', "-"))),
                "{}",
                argument.name
            );
        }
    }
}
