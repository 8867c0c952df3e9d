//! Bytes of the plugin side: whatever can be decoded is planned with, and comes back as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use terraform_provider_digicert::protocol::msgpack;
use terraform_provider_digicert::provider::Provider;
use terraform_provider_digicert::schema::Value;

fuzz_target!(|input: (u8, &[u8], &[u8])| {
    let (chosen, prior, config) = input;
    let provider = Provider::new();
    let resources: Vec<_> = provider.registry().resources.iter().collect();
    let resource = resources[usize::from(chosen) % resources.len()];
    let of = resource.block().object_type();
    let values = [prior, config].map(|bytes| msgpack::decode(&of, bytes));
    for value in values.iter().flatten() {
        assert!(msgpack::decode(&of, &msgpack::encode(value)).as_ref() == Ok(value));
        resource.validate(value);
    }
    if let [Ok(prior), Ok(config)] = values {
        // Core sends neither an unknown state nor an unknown configuration as a whole.
        if !prior.is_unknown() && !config.is_unknown() && !(prior.is_null() && config.is_null()) {
            let plan = resource.plan(&prior, &config, b"{\"imported\":true}");
            assert!(config.is_null() == matches!(plan.planned, Value::Null));
        }
    }
});
