//! Answers of the API: a one-time key in any wreck of a body, and state from any JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use terraform_provider_digicert::certcentral::KeyAnswer;
use terraform_provider_digicert::provider::Provider;
use terraform_provider_digicert::schema::{Value, apply_result, refresh};

fuzz_target!(|body: &[u8]| {
    let _ = KeyAnswer::from_bytes("account", body);
    let Ok(answer) = serde_json::from_slice(body) else { return };
    for resource in Provider::new().registry().resources.iter() {
        let (state, _) = refresh(resource.block(), &Value::Null, &answer);
        // What was read once reads the same again.
        let (again, _) = refresh(resource.block(), &state, &answer);
        assert!(state.is_wholly_known() && again.is_wholly_known());
        fill(resource.block(), &Value::Unknown, &answer);
    }
});
