//! Responses of the API: a one-time key from an incomplete body, and a state from any JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use terraform_provider_digicert::certcentral::KeyAnswer;
use terraform_provider_digicert::provider::Provider;
use terraform_provider_digicert::schema::{Value, apply_result, refresh};

fuzz_target!(|body: &[u8]| {
    let _ = KeyAnswer::from_bytes("account", body);
    let Ok(response) = serde_json::from_slice(body) else { return };
    for resource in Provider::new().registry().resources {
        let (state, _) = refresh(resource.block(), &Value::Null, &response);
        let (again, _) = refresh(resource.block(), &state, &response);
        assert!(state.is_wholly_known() && again.is_wholly_known());
        let (state, _) = apply_result(resource.block(), &Value::Unknown, &response);
        assert!(state.is_wholly_known());
    }
});
