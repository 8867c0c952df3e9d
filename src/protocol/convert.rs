//! Values, diagnostics, paths and schemas as messages of the protocol.

use super::error::DecodeError;
use super::tfplugin5 as wire;
use super::{json, msgpack};
use crate::kind::{Identity, IdentityAttribute};
use crate::redact::redact;
use crate::schema::{
    Attribute, Block, Configurability, Diagnostic, Diagnostics, Kind, Path, Severity, Step, Type,
    Value, describe,
};

/// The value in a message. A missing message is null.
pub(super) fn value(of: &Type, value: Option<&wire::DynamicValue>) -> Result<Value, DecodeError> {
    match value {
        Some(value) if !value.msgpack.is_empty() => msgpack::decode(of, &value.msgpack),
        Some(value) if !value.json.is_empty() => json::decode(of, &value.json),
        _ => Ok(Value::Null),
    }
}

/// The value as a message.
pub(super) fn dynamic(value: &Value) -> Option<wire::DynamicValue> {
    Some(wire::DynamicValue { msgpack: msgpack::encode(value), json: Vec::new() })
}

/// The identity of an object as a message; `None` for null.
pub(super) fn identity(identity: &Value) -> Option<wire::ResourceIdentityData> {
    let data = || wire::ResourceIdentityData { identity_data: dynamic(identity) };
    (!identity.is_null()).then(data)
}

/// The identity in a message. A missing message is null.
pub(super) fn identity_value(
    of: Identity,
    data: Option<&wire::ResourceIdentityData>,
) -> Result<Value, DecodeError> {
    match data.and_then(|it| it.identity_data.as_ref()) {
        Some(data) => value(&of.object_type(), Some(data)),
        None => Ok(Value::Null),
    }
}

/// The schema of an identity, at version 0.
pub(super) fn identity_schema(identity: Identity) -> wire::ResourceIdentitySchema {
    let attribute = |it: IdentityAttribute| wire::resource_identity_schema::IdentityAttribute {
        name: it.name.to_owned(),
        r#type: Type::String.to_json().to_string().into_bytes(),
        required_for_import: it.required_for_import,
        optional_for_import: !it.required_for_import,
        description: it.description.to_owned(),
    };
    let attributes = identity.attributes().into_iter().map(attribute);
    wire::ResourceIdentitySchema { version: 0, identity_attributes: attributes.collect() }
}

/// Diagnostics as messages, with secrets redacted.
pub(super) fn diagnostics(diagnostics: Diagnostics) -> Vec<wire::Diagnostic> {
    diagnostics.into_iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: Diagnostic) -> wire::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => wire::diagnostic::Severity::Error,
        Severity::Warning => wire::diagnostic::Severity::Warning,
    };
    wire::Diagnostic {
        severity: severity.into(),
        summary: redact(&diagnostic.summary).into_owned(),
        detail: redact(&diagnostic.detail).into_owned(),
        attribute: diagnostic.path.as_ref().map(path),
    }
}

/// The path as a message.
pub(super) fn path(path: &Path) -> wire::AttributePath {
    use wire::attribute_path::step::Selector;
    let step = |step: Step| wire::attribute_path::Step {
        selector: Some(match step {
            Step::Attribute(name) => Selector::AttributeName(name.to_owned()),
            Step::Key(key) => Selector::ElementKeyString(key),
            Step::Index(index) => Selector::ElementKeyInt(i64::try_from(index).unwrap_or(i64::MAX)),
        }),
    };
    wire::AttributePath { steps: path.steps().map(step).collect() }
}

/// The schema of a resource or of the provider, at version 0.
pub(super) fn schema(block: &Block) -> wire::Schema {
    wire::Schema { version: 0, block: Some(schema_block(block)) }
}

fn schema_block(block: &Block) -> wire::schema::Block {
    let mut schema = wire::schema::Block {
        description: block.description.clone(),
        description_kind: wire::StringKind::Markdown.into(),
        ..wire::schema::Block::default()
    };
    for attribute in &block.attributes {
        match &attribute.kind {
            Kind::Value(of) => schema.attributes.push(schema_attribute(attribute, of)),
            Kind::Block(inner) => schema.block_types.push(nested_block(attribute, inner)),
        }
    }
    schema
}

fn schema_attribute(attribute: &Attribute, of: &Type) -> wire::schema::Attribute {
    wire::schema::Attribute {
        name: attribute.name.to_owned(),
        r#type: of.to_json().to_string().into_bytes(),
        description: describe(attribute),
        description_kind: wire::StringKind::Markdown.into(),
        required: attribute.configurability == Configurability::Required,
        optional: matches!(
            attribute.configurability,
            Configurability::Optional | Configurability::OptionalComputed
        ),
        computed: attribute.is_computed(),
        sensitive: attribute.sensitive,
        write_only: attribute.write_only,
        ..wire::schema::Attribute::default()
    }
}

fn nested_block(attribute: &Attribute, inner: &Block) -> wire::schema::NestedBlock {
    let mut block = schema_block(inner);
    // The description of the field is more specific than that of its type.
    block.description = describe(attribute);
    wire::schema::NestedBlock {
        type_name: attribute.name.to_owned(),
        block: Some(block),
        nesting: wire::schema::nested_block::NestingMode::Single.into(),
        min_items: i64::from(attribute.configurability == Configurability::Required),
        max_items: i64::from(attribute.configurability == Configurability::Required),
    }
}
