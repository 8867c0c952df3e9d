//! Stored states of any version: decoded, or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use terraform_provider_digicert::protocol::{json, msgpack};
use terraform_provider_digicert::provider::Provider;

fuzz_target!(|input: (u8, &[u8])| {
    let (index, bytes) = input;
    let resources = Provider::new().registry().resources;
    let of = resources[usize::from(index) % resources.len()].block().object_type();
    if let Ok(value) = json::decode(of, bytes) {
        assert!(msgpack::decode(of, &msgpack::encode(&value)) == Ok(value));
    }
});
