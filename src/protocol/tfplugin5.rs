//! Messages, generated from `proto/tfplugin5.proto`, which documents them.
#![expect(missing_docs, clippy::all, clippy::doc_markdown, reason = "generated")]

tonic::include_proto!("tfplugin5");

/// Values and stored states contain API keys, so that `Debug` shows only their size.
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
