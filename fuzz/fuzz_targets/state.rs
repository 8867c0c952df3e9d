//! Stored states of any version: read or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use terraform_provider_digicert::protocol::{json, msgpack};
use terraform_provider_digicert::provider::Provider;

fuzz_target!(|input: (u8, &[u8])| {
    let (chosen, bytes) = input;
    let provider = Provider::new();
    let resources: Vec<_> = provider.registry().resources.iter().collect();
    let of = resources[usize::from(chosen) % resources.len()].block().object_type();
    if let Ok(value) = json::decode(&of, bytes) {
        assert!(msgpack::decode(&of, &msgpack::encode(&value)) == Ok(value));
    }
});
