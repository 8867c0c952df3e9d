//! Output to stderr, where the host expects log lines in hclog's JSON format.
//!
//! All output goes through [`write_line`], which redacts secrets.

mod hclog;

use std::any::Any;
use std::io::{self, Write};
use std::panic::Location;

use log::LevelFilter;

use crate::redact::redact;

/// Starts to log at the level that the environment sets. If none is set, nothing is logged.
pub(super) fn start(environment: impl Fn(&str) -> Option<String>) {
    let level = level(environment);
    if level != LevelFilter::Off {
        // An error means that a logger is installed already.
        drop(log::set_boxed_logger(Box::new(hclog::Hclog { level, write: write_line })));
        log::set_max_level(level);
    }
}

/// Reports panics in the form that Terraform recognizes and shows to the user.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        write_line(&panic_line(panic.payload(), panic.location()));
    }));
}

fn panic_line(payload: &dyn Any, location: Option<&Location<'_>>) -> String {
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    let location = location.map_or_else(|| "an unknown location".to_owned(), ToString::to_string);
    format!("panic: {message} at {location}")
}

/// Writes text to stderr, with its secrets redacted.
pub fn write_line(text: &str) {
    let line = format!("{}\n", redact(text));
    // If stderr is closed, the text is lost.
    drop(io::stderr().lock().write_all(line.as_bytes()));
}

/// The level that Terraform would use itself: an invalid one means `trace`.
fn level(environment: impl Fn(&str) -> Option<String>) -> LevelFilter {
    let variables = ["TF_LOG_PROVIDER_DIGICERT", "TF_LOG_PROVIDER", "TF_LOG"];
    match variables.into_iter().find_map(environment) {
        None => LevelFilter::Off,
        Some(level) => match level.to_ascii_uppercase().as_str() {
            "OFF" => LevelFilter::Off,
            "ERROR" => LevelFilter::Error,
            "WARN" => LevelFilter::Warn,
            "INFO" => LevelFilter::Info,
            "DEBUG" => LevelFilter::Debug,
            _ => LevelFilter::Trace,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_variable_sets_the_level() {
        let level = |variables: &[(&str, &str)]| {
            level(|name| {
                variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(level(&[]), LevelFilter::Off);
        assert_eq!(level(&[("TF_LOG", "info")]), LevelFilter::Info);
        assert_eq!(level(&[("TF_LOG", "JSON")]), LevelFilter::Trace);
        assert_eq!(level(&[("TF_LOG", "loud")]), LevelFilter::Trace);
        assert_eq!(level(&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "Warn")]), LevelFilter::Warn);
        assert_eq!(
            level(&[("TF_LOG_PROVIDER", "error"), ("TF_LOG_PROVIDER_DIGICERT", "off")]),
            LevelFilter::Off
        );
    }

    #[test]
    fn panics_have_the_form_that_terraform_recognizes() {
        let here = Location::caller();
        assert_eq!(panic_line(&"a text", Some(here)), format!("panic: a text at {here}"));
        assert_eq!(panic_line(&"owned".to_owned(), None), "panic: owned at an unknown location");
        assert_eq!(panic_line(&7, None), "panic: no message at an unknown location");
    }
}
