//! Messages and the server trait, generated from `proto/tfplugin5.proto`, which also explains them.
#![expect(
    missing_docs,
    unused_qualifications,
    clippy::all,
    clippy::doc_markdown,
    reason = "generated"
)]

tonic::include_proto!("tfplugin5");

/// Values and stored state carry API keys, so no `Debug` of any message shows more than a size.
impl std::fmt::Debug for DynamicValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DynamicValue({} bytes)", self.msgpack.len() + self.json.len())
    }
}

impl std::fmt::Debug for RawState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawState({} bytes)", self.json.len())
    }
}
