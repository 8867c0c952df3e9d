//! Log events as lines of JSON, which Terraform includes in its own log.
//!
//! Terraform panics if `@message` or `@level` is not a string, and prints nested values in Go's notation.
//! So these two are always strings, and other fields are never nested.

use std::fmt;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::redact::redact;

/// Writes the events of this crate up to a level, with the fields of the spans around them.
///
/// Events of libraries are ignored: at trace level those of HTTP/2 would outnumber all others.
pub(super) struct Hclog {
    pub(super) level: LevelFilter,
    /// Writes a line.
    pub(super) write: fn(&str),
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Hclog {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        *metadata.level() <= self.level && metadata.target().starts_with(env!("CARGO_CRATE_NAME"))
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            record.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(Fields(outer)) = span.extensions().get::<Fields>() {
                fields.0.extend(outer.clone());
            }
        }
        event.record(&mut fields);
        (self.write)(&line(fields, *event.metadata().level(), OffsetDateTime::now_utc()));
    }
}

/// The fields of an event or a span.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        self.0.insert(field.name().to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // Redacted before it becomes JSON, which escapes quotation marks: an escaped secret is not found.
        self.put(field, redact(value).into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
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
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;
    use crate::redact::remember;

    thread_local! {
        static LINES: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
    }

    /// The lines that these events write.
    fn written(events: impl FnOnce()) -> Vec<Value> {
        let write = |line: &str| {
            let line = serde_json::from_str(line).expect("JSON");
            LINES.with_borrow_mut(|lines| lines.push(line));
        };
        let subscriber =
            tracing_subscriber::registry().with(Hclog { level: LevelFilter::INFO, write });
        tracing::subscriber::with_default(subscriber, events);
        LINES.take()
    }

    #[test]
    fn an_event_carries_the_fields_of_its_spans() {
        let lines = written(|| {
            let outer = tracing::info_span!("rpc", tf_rpc = "ReadResource", id = 1);
            let _outer = outer.enter();
            let inner = tracing::info_span!("call", id = 2, status = tracing::field::Empty);
            inner.record("status", 200);
            let _inner = inner.enter();
            tracing::info!(error = ?Some("x"), "done");
        });
        let [line] = &lines[..] else { panic!("{lines:?}") };
        for (key, value) in [
            ("@message", json!("done")),
            ("tf_rpc", json!("ReadResource")),
            ("id", json!(2)),
            ("status", json!(200)),
            ("error", json!("Some(\"x\")")),
        ] {
            assert_eq!(line[key], value, "{key}");
        }
    }

    #[test]
    fn events_of_other_crates_and_levels_are_ignored() {
        let lines = written(|| {
            tracing::debug!("too chatty");
            tracing::error!(target: "h2::codec", "not ours");
            tracing::warn!("ours");
        });
        assert_eq!(lines.iter().map(|line| &line["@message"]).collect::<Vec<_>>(), ["ours"]);
    }

    #[test]
    fn secrets_are_redacted_before_json_escapes_them() {
        let secret = r#"quo"ted\secret"#;
        remember(secret);
        let lines = written(|| tracing::info!(key = secret, "the key is {secret}"));
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
            rendered(json!({"message": 3, "id": 7}), Level::INFO),
            r#"{"@level":"info","@message":"3","@module":"digicert","@timestamp":"2023-11-14T22:13:20.000042Z","id":7}"#
        );
        assert_eq!(
            rendered(json!({"@level": 1, "@message": null}), Level::WARN),
            r#"{"@level":"warn","@message":"","@module":"digicert","@timestamp":"2023-11-14T22:13:20.000042Z"}"#
        );
    }

    #[test]
    fn an_event_is_one_line() {
        let line = rendered(json!({"message": "two\nlines"}), Level::ERROR);
        assert!(line.contains(r"two\nlines") && !line.contains('\n'), "{line}");
    }
}
