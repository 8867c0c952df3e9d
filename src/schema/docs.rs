//! Documentation of a block, in the format of tfplugindocs.
//!
//! [`describe`] states the meaning of each mark of an attribute. The pages in `docs/` and the
//! descriptions that editors show use it.

use super::attribute::{Attribute, Block, Configurability, Kind};
use super::check::Check;
use super::types::Type;

/// The description of an attribute, on one line: its doc comment, and a sentence for each mark.
pub fn describe(attribute: &Attribute) -> String {
    let mut text = String::with_capacity(attribute.description.len() + SENTENCE);
    let mut say = |part: &str| {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
    };
    let lines = attribute.description.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.for_each(&mut say);
    rules(attribute).iter().for_each(|rule| say(rule));
    if attribute.case_insensitive && attribute.is_configurable() {
        say("Case-insensitive.");
    }
    if let Some(default) = &attribute.default {
        say(&format!("Defaults to `{}`.", default.show()));
    } else if let Some(default) = &attribute.create_default {
        say(&format!("Defaults to `{}` when the resource is created.", default.show()));
    } else if attribute.configurability == Configurability::OptionalComputed
        && !attribute.looks_up
        && !attribute.description.contains("By default")
    {
        say("If omitted, CertCentral's default applies.");
    }
    match (&attribute.kind, attribute.immutable) {
        (Kind::Block(_), true) => say("None of its arguments can be changed after creation."),
        (Kind::Value(_), true) => say("Cannot be changed after creation."),
        (_, false) => {}
    }
    if attribute.force_new {
        say("Changing this forces a new resource to be created.");
    }
    if is_not_returned(attribute) {
        say("Not returned by all CertCentral responses.");
    }
    if let Some(variable) = attribute.env {
        say(&format!("Can also be set with the `{variable}` environment variable."));
    }
    text
}

/// Bytes of a sentence about a mark; most attributes have at most one.
const SENTENCE: usize = 64;

/// The section of a page that lists all attributes of a block and of the blocks nested in it.
pub fn schema_section(block: &Block) -> String {
    let mut page = "## Schema\n".to_owned();
    if has_not_returned(block) {
        line(&mut page, NOT_RETURNED);
    }
    let keys = block.attributes.iter().filter(|it| it.looks_up);
    let keys: Vec<_> = keys.map(|it| format!("`{}`", it.name)).collect();
    if !keys.is_empty() {
        line(&mut page, &format!("\nSet exactly one of {}.", keys.join(", ")));
    }
    write_members(&mut page, block, &[]);
    page
}

fn has_not_returned(block: &Block) -> bool {
    block.attributes.iter().any(|attribute| match &attribute.kind {
        Kind::Block(inner) => has_not_returned(inner),
        Kind::Value(_) => is_not_returned(attribute),
    })
}

/// Whether the documentation must state that the API may not return the argument.
fn is_not_returned(attribute: &Attribute) -> bool {
    attribute.not_returned && attribute.is_configurable() && !attribute.provider_only
}

/// A sentence for each limit.
fn rules(attribute: &Attribute) -> Vec<String> {
    let is_collection =
        matches!(attribute.kind, Kind::Value(Type::List(_) | Type::Set(_) | Type::Map(_)));
    let mut sentences = Vec::new();
    for check in &attribute.checks {
        let Some(rule) = check.rule() else { continue };
        // Obvious from "Required", and from what is looked up.
        let is_implied = matches!(check, Check::MinLength(1))
            && (attribute.configurability == Configurability::Required || attribute.looks_up);
        if is_implied {
            continue;
        }
        sentences.push(if is_collection && !check.is_on_collection() {
            format!("Each element {rule}.")
        } else {
            format!("{}.", capitalized(&rule))
        });
    }
    sentences
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// A heading, and which attributes are listed under it.
type Group = (&'static str, fn(Configurability) -> bool);

/// A section for the attributes of a nested block or object.
struct Nested<'a> {
    anchor: String,
    path: Vec<&'static str>,
    block: &'a Block,
}

/// Lists the attributes of a block by group, followed by a section for each nested block.
fn write_members(page: &mut String, block: &Block, path: &[&'static str]) {
    let mut sections = Vec::new();
    for (title, is_in_group) in GROUPS {
        let members = block.attributes.iter().filter(|it| is_in_group(it.configurability));
        let mut members: Vec<_> = members.collect();
        members.sort_by_key(|attribute| attribute.name);
        if !members.is_empty() {
            let is_top_level = path.is_empty();
            let heading = if is_top_level { format!("### {title}") } else { format!("{title}:") };
            line(page, &format!("\n{heading}\n"));
        }
        for attribute in members {
            let nested = nested(attribute, [path, &[attribute.name]].concat());
            write_attribute(page, attribute, nested.as_ref());
            sections.extend(nested);
        }
    }
    for Nested { anchor, path, block } in sections {
        let title = format!("### Nested Schema for `{}`", path.join("."));
        line(page, &format!("\n<a id=\"{anchor}\"></a>\n{title}"));
        if !block.description.is_empty() {
            line(page, &format!("\n{}", block.description));
        }
        write_members(page, block, &path);
    }
}

fn write_attribute(page: &mut String, attribute: &Attribute, nested: Option<&Nested<'_>>) {
    let Attribute { name, .. } = attribute;
    let link = nested.map(|it| format!(" (see [below for nested schema](#{}))", it.anchor));
    let link = link.unwrap_or_default();
    line(page, &format!("- `{name}` ({}) {}{link}", type_label(attribute), describe(attribute)));
}

/// The section about the attribute's own attributes, if it has any.
fn nested<'a>(attribute: &'a Attribute, path: Vec<&'static str>) -> Option<Nested<'a>> {
    let (prefix, block) = match (&attribute.kind, &attribute.members) {
        (Kind::Block(block), _) => ("nestedblock", *block),
        (Kind::Value(_), Some(block)) => ("nestedatt", block),
        (Kind::Value(_), None) => return None,
    };
    Some(Nested { anchor: format!("{prefix}--{}", path.join("--")), path, block })
}

/// The words in parentheses after the name.
fn type_label(attribute: &Attribute) -> String {
    let mut label = match &attribute.kind {
        Kind::Value(of) => type_name(of),
        Kind::Block(_) if attribute.configurability == Configurability::Required => {
            "Block, Required".to_owned()
        }
        Kind::Block(_) => "Block, Optional".to_owned(),
    };
    if attribute.sensitive {
        label += ", Sensitive";
    }
    if attribute.write_only {
        label += &format!(", [Write-only]({WRITE_ONLY})");
    }
    label
}

fn type_name(of: &Type) -> String {
    match of {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::List(element) => format!("List of {}", type_name(element)),
        Type::Set(element) => format!("Set of {}", type_name(element)),
        Type::Map(element) => format!("Map of {}", type_name(element)),
        Type::Object(_) => "Object".to_owned(),
    }
}

fn line(page: &mut String, text: &str) {
    page.push_str(text);
    page.push('\n');
}

const GROUPS: [Group; 3] = [
    ("Required", |it| it == Configurability::Required),
    ("Optional", |it| matches!(it, Configurability::Optional | Configurability::OptionalComputed)),
    ("Read-Only", |it| it == Configurability::Computed),
];

/// What Terraform's documentation says about write-only arguments.
const WRITE_ONLY: &str =
    "https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments";

/// Explains the sentence that [`describe`] adds for a value that is not returned.
const NOT_RETURNED: &str = "
An argument that is *not returned by all CertCentral responses* keeps its value in the state if a response omits it:
changes made outside Terraform are not detected, and an import may leave it null.";
