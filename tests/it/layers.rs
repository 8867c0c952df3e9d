//! The layers of the crate documentation, held: dependencies point one way.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each layer, and the layers it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("redact", &[]),
    ("secret", &["redact"]),
    ("schema", &["secret"]),
    ("certcentral", &["redact", "secret"]),
    ("recovery", &["schema"]),
    ("kind", &["certcentral", "recovery", "schema", "secret"]),
    ("resources", &["certcentral", "recovery", "kind", "schema", "secret"]),
    ("provider", &["certcentral", "recovery", "kind", "resources", "schema", "secret"]),
    ("protocol", &["provider", "kind", "schema", "redact"]),
    ("plugin", &["protocol", "redact"]),
    ("cli", &["plugin"]),
];

/// Crates that belong to some layers only.
const CRATES: &[(&str, &[&str])] = &[
    ("tonic", &["plugin", "protocol"]),
    ("prost", &["plugin", "protocol"]),
    ("rmp", &["protocol"]),
    ("rustls", &["certcentral", "plugin"]),
    ("reqwest", &["certcentral"]),
];

#[test]
fn dependencies_point_one_way() {
    let mut problems = Vec::new();
    for file in sources(Path::new("src")) {
        let layer = layer(&file);
        let text = std::fs::read_to_string(&file).expect("a source file");
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        if layer == "lib" || layer == "main" {
            continue;
        }
        let (_, allowed) = LAYERS
            .iter()
            .find(|(name, _)| *name == layer)
            .unwrap_or_else(|| panic!("{layer} is no layer: give it a place in the table"));
        if code.contains("crate::{") {
            problems.push(format!("{}: name one module per `use crate::`", file.display()));
        }
        for used in ours(&code) {
            if used != layer && !allowed.contains(&used.as_str()) {
                problems.push(format!("{}: {layer} must not use {used}", file.display()));
            }
        }
        for (name, layers) in CRATES {
            let uses = code.contains(&format!("{name}::")) && !layers.contains(&layer.as_str());
            if uses {
                problems.push(format!("{}: {layer} must not use {name}", file.display()));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The modules of this crate that a file names behind `crate::`.
fn ours(code: &str) -> BTreeSet<String> {
    let modules: BTreeSet<_> = LAYERS.iter().map(|(name, _)| *name).collect();
    let names = code.split("crate::").skip(1).map(|rest| {
        rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
    });
    names.filter(|name| modules.contains(name)).map(str::to_owned).collect()
}

fn layer(file: &Path) -> String {
    let first = file.components().nth(1).expect("below src");
    Path::new(first.as_os_str()).with_extension("").display().to_string()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of sources");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let nested = paths.map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    nested.flatten().filter(|path| path.extension().is_some_and(|it| it == "rs")).collect()
}
