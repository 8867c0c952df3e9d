//! The files of an export.

use std::io::{self, Write};

use super::directory::{MARKER, PROVIDER_FILE, Staging, file_name};
use super::names::Names;
use super::spool::{Entry, Spool};
use crate::kind::AnyResource;
use crate::schema::{Block, Value, quoted, write_body};

/// Stands for an ID until it is known which objects are exported, and under which names. No text of a
/// configuration contains these characters: they are written as escape sequences.
pub(super) fn open_reference(types: &[&str], id: &str) -> String {
    format!("{OPEN}{}{SEPARATOR}{id}{OPEN}", types.join(","))
}

const OPEN: char = '\u{1}';
const SEPARATOR: char = '\u{2}';

/// The text with a reference to each object that is exported, and the ID of each other one.
fn with_references(text: &str, names: &Names) -> String {
    let mut parts = text.split(OPEN);
    let mut written = parts.next().unwrap_or_default().to_owned();
    while let (Some(reference), Some(rest)) = (parts.next(), parts.next()) {
        let (types, id) = reference.split_once(SEPARATOR).unwrap_or_default();
        let target =
            types.split(',').find_map(|of| Some(format!("{of}.{}.id", names.get(of, id)?)));
        written += &target.unwrap_or_else(|| quoted(id));
        written += rest;
    }
    written
}

/// Writes the objects of a type, if there are any.
pub(super) fn write_objects(
    resource: &dyn AnyResource,
    spool: &Spool,
    names: &Names,
    staging: &Staging,
) -> io::Result<()> {
    if spool.len() == 0 {
        return Ok(());
    }
    let mut file = staging.create(&file_name(resource.type_name()))?;
    write!(file, "{MARKER}\n{}", unreadable(resource.block(), spool))?;
    let mut texts = spool.texts()?;
    for entry in spool.entries() {
        let Some(name) = names.get(resource.type_name(), &entry.id) else { continue };
        let arguments = with_references(&texts.of(entry)?, names);
        write_object(&mut file, resource.type_name(), name, entry, &arguments)?;
    }
    file.flush()
}

fn write_object(
    file: &mut impl Write,
    type_name: &str,
    name: &str,
    entry: &Entry,
    arguments: &str,
) -> io::Result<()> {
    let id = quoted(&entry.import_id);
    write!(file, "\nimport {{\n  to = {type_name}.{name}\n  id = {id}\n}}\n\n")?;
    if let Some(comment) = &entry.comment {
        writeln!(file, "# {comment}")?;
    }
    writeln!(file, "resource \"{type_name}\" \"{name}\" {{\n{arguments}}}")
}

/// Comments on what cannot be read.
fn unreadable(block: &Block, spool: &Spool) -> String {
    let named = |names: Vec<&str>| {
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let mut text = String::new();
    if !spool.unreadable.is_empty() {
        let names = named(spool.unreadable.iter().map(String::as_str).collect());
        text +=
            &format!("# Not written, because CertCentral does not return every value: {names}.\n");
    }
    let is_key = |it: &&crate::schema::Attribute| it.sensitive && !it.is_configurable();
    let keys: Vec<_> = block.attributes.iter().filter(is_key).map(|it| it.name).collect();
    if !keys.is_empty() {
        let names = named(keys);
        text += &format!(
            "# CertCentral returns {names} only once, at creation: null after the import.\n"
        );
    }
    text
}

/// Writes the requirements and the provider block. `config` has the flags of the command, none of which is a secret.
pub(super) fn write_provider(block: &Block, config: &Value, staging: &Staging) -> io::Result<()> {
    let mut arguments = String::new();
    write_body(&mut arguments, block, config, 1, &|_, id| quoted(id));
    let mut file = staging.create(PROVIDER_FILE)?;
    write!(file, "{MARKER}\n\n{REQUIREMENTS}\nprovider \"digicert\" {{\n{arguments}}}\n")?;
    file.flush()
}

const REQUIREMENTS: &str = concat!(
    "terraform {\n",
    "  # For import blocks.\n",
    "  required_version = \">= 1.5.0\"\n\n",
    "  required_providers {\n",
    "    digicert = {\n",
    "      source  = \"certcentral/digicert\"\n",
    "      version = \">= ",
    env!("CARGO_PKG_VERSION"),
    "\"\n",
    "    }\n",
    "  }\n",
    "}\n\n",
    "# The API key is read from the environment variable DIGICERT_API_KEY, and so are the other arguments that the\n",
    "# export took from the environment.",
);
