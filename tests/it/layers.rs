//! The structure of the crate: layers that depend in one direction, files without circles, short files.

mod circles;
mod size;
mod source;

use std::collections::BTreeSet;

use source::sources;

/// Each layer, and the layers that it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("redact", &[]),
    ("secret", &["redact"]),
    ("schema", &["secret"]),
    ("certcentral", &["redact", "secret"]),
    ("recovery", &["schema"]),
    ("kind", &["certcentral", "recovery", "schema", "secret"]),
    ("resources", &["certcentral", "recovery", "kind", "schema", "secret"]),
    ("data_sources", &["certcentral", "kind", "resources", "schema"]),
    (
        "provider",
        &["certcentral", "data_sources", "recovery", "kind", "resources", "schema", "secret"],
    ),
    ("protocol", &["provider", "kind", "schema", "redact"]),
    ("plugin", &["protocol", "redact"]),
    ("export", &["certcentral", "kind", "provider", "schema"]),
    ("cli", &["export", "plugin"]),
];

/// Crates that only some layers may use.
const CRATES: &[(&str, &[&str])] = &[
    ("tonic", &["plugin", "protocol"]),
    ("hyper", &["plugin", "protocol"]),
    ("prost", &["plugin", "protocol"]),
    ("rmp", &["protocol"]),
    ("rustls", &["certcentral", "plugin"]),
    ("reqwest", &["certcentral"]),
];

#[test]
fn dependencies_point_one_way() {
    let mut problems = Vec::new();
    for source in sources() {
        let Some(layer) = source.module.first().filter(|it| *it != "main") else { continue };
        let (_, allowed) = LAYERS
            .iter()
            .find(|(name, _)| name == layer)
            .unwrap_or_else(|| panic!("{layer} is not a layer: add it to LAYERS"));
        let (file, code) = (source.path.display(), &source.code);
        if code.contains("crate::{") {
            problems.push(format!("{file}: name one module per `use crate::`"));
        }
        for used in layers_in(code) {
            if used != *layer && !allowed.contains(&used.as_str()) {
                problems.push(format!("{file}: {layer} must not use {used}"));
            }
        }
        for (name, layers) in CRATES {
            let uses = code.contains(&format!("{name}::")) && !layers.contains(&layer.as_str());
            if uses {
                problems.push(format!("{file}: {layer} must not use {name}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The layers that the code names after `crate::`.
fn layers_in(code: &str) -> BTreeSet<String> {
    let layers: BTreeSet<_> = LAYERS.iter().map(|(name, _)| *name).collect();
    let names = code.split("crate::").skip(1).map(|rest| {
        rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
    });
    names.filter(|name| layers.contains(name)).map(str::to_owned).collect()
}
