//! The way to stderr, where the host expects log lines of hclog's JSON kind.
//!
//! Everything the process writes there passes through [`write_line`], which takes secrets out.

mod hclog;

use std::any::Any;
use std::io::{self, Write};
use std::panic::Location;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;

use crate::secret::redact;

/// Sends events of the level the environment asks for to the host. Without one it does nothing, and an
/// event costs next to nothing.
pub(super) fn start(environment: impl Fn(&str) -> Option<String>) {
    let level = level(environment);
    if level != LevelFilter::OFF {
        let subscriber =
            tracing_subscriber::registry().with(hclog::Hclog { level, write: write_line });
        // An error means that there is a subscriber already, which may stay.
        drop(tracing::subscriber::set_global_default(subscriber));
    }
}

/// Has panics reported in the form that Terraform shows to people when a command fails.
pub(super) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        write_line(&panic_line(panic.payload(), panic.location()));
    }));
}

fn panic_line(payload: &dyn Any, place: Option<&Location<'_>>) -> String {
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    let place = place.map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    format!("panic: {message} at {place}")
}

/// Writes text to stderr without the secrets in it.
pub(super) fn write_line(text: &str) {
    let line = format!("{}\n", redact(text));
    // Nobody is left to tell when stderr is gone.
    drop(io::stderr().lock().write_all(line.as_bytes()));
}

/// The level Terraform would take itself: what it cannot read means everything.
fn level(environment: impl Fn(&str) -> Option<String>) -> LevelFilter {
    let variables = ["TF_LOG_PROVIDER_DIGICERT", "TF_LOG_PROVIDER", "TF_LOG"];
    match variables.into_iter().find_map(environment) {
        None => LevelFilter::OFF,
        Some(level) => match level.to_ascii_uppercase().as_str() {
            "OFF" => LevelFilter::OFF,
            "ERROR" => LevelFilter::ERROR,
            "WARN" => LevelFilter::WARN,
            "INFO" => LevelFilter::INFO,
            "DEBUG" => LevelFilter::DEBUG,
            _ => LevelFilter::TRACE,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_variable_decides() {
        let level = |variables: &[(&str, &str)]| {
            level(|name| {
                variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(level(&[]), LevelFilter::OFF);
        assert_eq!(level(&[("TF_LOG", "info")]), LevelFilter::INFO);
        assert_eq!(level(&[("TF_LOG", "JSON")]), LevelFilter::TRACE);
        assert_eq!(level(&[("TF_LOG", "loud")]), LevelFilter::TRACE);
        assert_eq!(level(&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "Warn")]), LevelFilter::WARN);
        assert_eq!(
            level(&[("TF_LOG_PROVIDER", "error"), ("TF_LOG_PROVIDER_DIGICERT", "off")]),
            LevelFilter::OFF
        );
    }

    #[test]
    fn panics_are_told_as_terraform_looks_for_them() {
        let here = Location::caller();
        assert_eq!(panic_line(&"a text", Some(here)), format!("panic: a text at {here}"));
        assert_eq!(panic_line(&"owned".to_owned(), None), "panic: owned at an unknown place");
        assert_eq!(panic_line(&7, None), "panic: no message at an unknown place");
    }
}
