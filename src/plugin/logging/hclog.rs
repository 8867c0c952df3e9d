//! Log events as lines of JSON, which Terraform includes in its own log.
//!
//! Terraform panics if `@message` or `@level` is not a string, and prints nested values in Go's notation.
//! So these two are always strings, and other fields are never nested.

use log::kv::{self, Key, VisitSource, VisitValue};
use log::{Level, LevelFilter, Log, Metadata, Record};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::redact::redact;

/// Writes the events of this crate up to a level, with their fields.
///
/// Events of libraries are ignored: at trace level those of TLS would outnumber all others.
pub(super) struct Hclog {
    pub(super) level: LevelFilter,
    /// Writes a line.
    pub(super) write: fn(&str),
}

impl Log for Hclog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= self.level && metadata.target().starts_with(env!("CARGO_CRATE_NAME"))
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let mut fields = Fields::default();
        // Writing to memory does not fail.
        let _ = record.key_values().visit(&mut fields);
        fields.text("message", &record.args().to_string());
        (self.write)(&line(fields, record.level(), OffsetDateTime::now_utc()));
    }

    fn flush(&self) {}
}

/// The fields of an event.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn text(&mut self, name: &str, text: &str) {
        // Redacted before it becomes JSON, which escapes quotation marks: an escaped secret is not found.
        self.0.insert(name.to_owned(), redact(text).into());
    }
}

impl<'a> VisitSource<'a> for Fields {
    fn visit_pair(&mut self, name: Key<'a>, value: kv::Value<'a>) -> Result<(), kv::Error> {
        value.visit(Field(name.as_str(), self))
    }
}

/// The field with this name.
struct Field<'a>(&'a str, &'a mut Fields);

impl<'a> VisitValue<'a> for Field<'_> {
    fn visit_any(&mut self, value: kv::Value<'_>) -> Result<(), kv::Error> {
        self.1.text(self.0, &value.to_string());
        Ok(())
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), kv::Error> {
        self.1.0.insert(self.0.to_owned(), value.into());
        Ok(())
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), kv::Error> {
        self.1.0.insert(self.0.to_owned(), value.into());
        Ok(())
    }
}

/// One line of the log.
fn line(Fields(mut fields): Fields, level: Level, at: OffsetDateTime) -> String {
    let message = match fields.remove("message") {
        Some(Value::String(message)) => message,
        Some(other) => other.to_string(),
        None => String::new(),
    };
    // Inserted last, so that no other field can replace them.
    for (name, value) in [
        ("@message", message),
        ("@level", level.as_str().to_ascii_lowercase()),
        ("@module", "digicert".to_owned()),
        ("@timestamp", timestamp(at)),
    ] {
        fields.insert(name.to_owned(), value.into());
    }
    Value::Object(fields).to_string()
}

/// RFC 3339 with six digits, the only precision that the host accepts.
fn timestamp(at: OffsetDateTime) -> String {
    let (hour, minute, second, micro) = at.time().as_hms_micro();
    format!("{}T{hour:02}:{minute:02}:{second:02}.{micro:06}Z", at.date())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::redact::remember;

    thread_local! {
        static LINES: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
    }

    /// Writes the lines of this level and below, for [`written`].
    fn logger(level: LevelFilter) -> Hclog {
        log::set_max_level(LevelFilter::Trace);
        let write = |line: &str| {
            let line = serde_json::from_str(line).expect("JSON");
            LINES.with_borrow_mut(|lines| lines.push(line));
        };
        Hclog { level, write }
    }

    /// The lines that were written.
    fn written() -> Vec<Value> {
        LINES.take()
    }

    #[test]
    fn an_event_has_its_fields() {
        let error = std::io::Error::other("x");
        let text = "ReadResource".to_owned();
        let logger = logger(LevelFilter::Info);
        log::info!(logger: logger, tf_rpc = text, id = 1_u64, ok = false, error:%; "it is {}", "done");
        let lines = written();
        let [line] = &lines[..] else { panic!("{lines:?}") };
        for (key, value) in [
            ("@message", json!("it is done")),
            ("tf_rpc", json!("ReadResource")),
            ("id", json!(1)),
            ("ok", json!(false)),
            ("error", json!("x")),
        ] {
            assert_eq!(line[key], value, "{key}");
        }
    }

    #[test]
    fn events_of_other_crates_and_levels_are_ignored() {
        let logger = logger(LevelFilter::Info);
        log::debug!(logger: logger, "too chatty");
        log::error!(logger: logger, target: "rustls::conn", "not ours");
        log::warn!(logger: logger, "ours");
        assert_eq!(written().iter().map(|line| &line["@message"]).collect::<Vec<_>>(), ["ours"]);
    }

    #[test]
    fn secrets_are_redacted_before_json_escapes_them() {
        let secret = r#"quo"ted\secret"#;
        remember(secret);
        let logger = logger(LevelFilter::Info);
        log::info!(logger: logger, key = secret; "the key is {secret}");
        let lines = written();
        assert_eq!(lines[0]["@message"], "the key is (redacted)");
        assert_eq!(lines[0]["key"], "(redacted)");
    }

    fn rendered(fields: Value, level: Level) -> String {
        let Value::Object(fields) = fields else { panic!("an object") };
        let at = OffsetDateTime::UNIX_EPOCH + Duration::from_micros(1_700_000_000_000_042);
        line(Fields(fields), level, at)
    }

    #[test]
    fn message_and_level_are_always_strings() {
        assert_eq!(
            rendered(json!({"message": 3, "id": 7}), Level::Info),
            r#"{"@level":"info","@message":"3","@module":"digicert","@timestamp":"2023-11-14T22:13:20.000042Z","id":7}"#
        );
        assert_eq!(
            rendered(json!({"@level": 1, "@message": null}), Level::Warn),
            r#"{"@level":"warn","@message":"","@module":"digicert","@timestamp":"2023-11-14T22:13:20.000042Z"}"#
        );
    }

    #[test]
    fn an_event_is_one_line() {
        let line = rendered(json!({"message": "two\nlines"}), Level::Error);
        assert!(line.contains(r"two\nlines") && !line.contains('\n'), "{line}");
    }
}
