//! Values from Terraform: whatever can be decoded is encoded to the same value, validated and planned.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use terraform_provider_digicert::kind::Call;
use terraform_provider_digicert::protocol::msgpack;
use terraform_provider_digicert::provider::Provider;
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().build().expect("a runtime"));

fuzz_target!(|input: (u8, &[u8], &[u8])| {
    let (index, prior, config) = input;
    let provider = Provider::new();
    let resources = provider.registry().resources;
    let resource = resources[usize::from(index) % resources.len()];
    let of = resource.block().object_type();
    let values = [prior, config].map(|bytes| msgpack::decode(of, bytes));
    for value in values.iter().flatten() {
        assert!(msgpack::decode(of, &msgpack::encode(value)).as_ref() == Ok(value));
        resource.validate(value, true);
        resource.validate(value, false);
    }
    if let [Ok(prior), Ok(config)] = values {
        // Terraform never sends a state or a configuration that is unknown as a whole.
        if !prior.is_unknown() && !config.is_unknown() && !(prior.is_null() && config.is_null()) {
            let is_destroy = config.is_null();
            let private = b"{\"imported\":true}".to_vec();
            let call = Call { prior, config, private, ..Call::default() };
            // The provider is not configured, so that the plan makes no API call.
            let plan = RUNTIME.block_on(resource.plan(call, provider.environment()));
            assert!(is_destroy == plan.state.is_null());
        }
    }
});
