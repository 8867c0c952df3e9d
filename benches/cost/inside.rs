//! Codec and redaction, called directly.

use std::hint::black_box;
use std::time::Instant;

use terraform_provider_digicert::protocol::{json, msgpack};
use terraform_provider_digicert::redact::redact;
use terraform_provider_digicert::secret::Secret;

use crate::Effort;
use crate::objects::{self, Object, resource};
use crate::report::{Samples, Table, microseconds};

pub(crate) fn tables(effort: Effort) -> Vec<Table> {
    let sim = objects::simulator();
    let mut codec = Table::new(
        "Values in msgpack and JSON (medians)",
        &["", "size", "decode", "encode", "decode JSON"],
    );
    codec.row(values("a user", &objects::user(&sim, 0), effort));
    codec.row(values(
        "a user with 1,000 containers",
        &objects::user_limited_to(&sim, 1, 1000),
        effort,
    ));
    vec![codec, secrets(effort)]
}

fn values(name: &str, object: &Object, effort: Effort) -> Vec<String> {
    let of = resource(object.type_name).block().object_type();
    let (value, text) = (object.value(&object.state), object.stored().json);
    let bytes = msgpack::encode(&value);
    let decode = median(effort, || drop(black_box(msgpack::decode(of, black_box(&bytes)))));
    let encode = median(effort, || drop(black_box(msgpack::encode(black_box(&value)))));
    let parse = median(effort, || drop(black_box(json::decode(of, black_box(&text)))));
    vec![
        name.to_owned(),
        format!("{} bytes", bytes.len()),
        speed(decode, bytes.len()),
        speed(encode, bytes.len()),
        speed(parse, text.len()),
    ]
}

/// Redaction, which is applied to every log line and message, by the number of known keys.
fn secrets(effort: Effort) -> Table {
    let line = r#"{"@level":"debug","@message":"GET user/500001 was answered with 200 after 3 ms","@module":"digicert","@timestamp":"2026-11-22T22:13:20.000042Z","tf_resource_type":"digicert_user","tf_rpc":"ReadResource"}"#;
    let mut table = Table::new(
        "Redaction of keys (medians)",
        &["known keys", "filtering a log line", "lookup of a known key"],
    );
    let mut met = 0;
    for count in [1, 100, 1_000, 10_000] {
        (met..count).for_each(|number| drop(Secret::new(objects::key(number))));
        met = count;
        let filter = median(effort, || drop(black_box(redact(black_box(line)))));
        let again = objects::key(count - 1);
        let meet = median(effort, || drop(black_box(Secret::new(black_box(again.as_str())))));
        table.row([count.to_string(), format!("{filter:.2} µs"), format!("{meet:.2} µs")]);
    }
    table
}

fn speed(microseconds: f64, bytes: usize) -> String {
    let bytes = f64::from(u32::try_from(bytes).unwrap_or(u32::MAX));
    format!("{microseconds:.2} µs, {:.0} MB/s", bytes / microseconds)
}

/// Microseconds of one run, the median of many batches.
fn median(effort: Effort, mut run: impl FnMut()) -> f64 {
    let batches = if effort.quick { 21 } else { 101 };
    let samples = Samples::take(batches, || {
        let begin = Instant::now();
        (0..BATCH).for_each(|_| run());
        microseconds(begin.elapsed()) / f64::from(BATCH)
    });
    samples.median()
}

/// Large enough that the time of reading the clock is negligible.
const BATCH: u32 = 20;
