//! A block as the registry's documentation shows it, laid out as tfplugindocs does.
//!
//! Whatever a mark on an attribute means for its user is said here, once: the pages under `docs/` and
//! the descriptions that editors show both have it from [`describe`].

use super::attribute::{Attribute, Block, Kind, Presence};
use super::check::Check;
use super::types::Type;

/// What there is to say about an attribute, on one line: its doc comment, and a sentence for each mark.
pub fn describe(attribute: &Attribute) -> String {
    let words: Vec<_> = attribute.description.split_whitespace().collect();
    let mut sentences = vec![words.join(" ")];
    let mut say = |sentence: &str| sentences.push(sentence.to_owned());
    rules(attribute).iter().for_each(|rule| say(rule));
    if attribute.caseless && attribute.configurable() {
        say("Letter case carries no meaning.");
    }
    if let Some(default) = &attribute.default {
        say(&format!("Defaults to `{}`.", default.show()));
    } else if let Some(default) = &attribute.create_default {
        say(&format!("If omitted when the resource is created, `{}` is used.", default.show()));
    } else if attribute.presence == Presence::OptionalComputed {
        say("Where it is left out, CertCentral's own value stands.");
    }
    match (&attribute.kind, attribute.immutable) {
        (Kind::Block(_), true) => say("Nothing in it can be changed after creation."),
        (Kind::Value(_), true) => say("Cannot be changed after creation."),
        (_, false) => {}
    }
    if attribute.force_new {
        say("A change makes a new object in place of this one.");
    }
    if is_unreadable(attribute) {
        say("Not always readable.");
    }
    if let Some(variable) = attribute.env {
        say(&format!("Can also be set with the `{variable}` environment variable."));
    }
    sentences.join(" ")
}

/// The section of a page that lists everything in a block, nested ones included.
pub fn schema_section(block: &Block) -> String {
    let mut page = "## Schema\n".to_owned();
    if has_unreadable(block) {
        line(&mut page, UNREADABLE);
    }
    write_members(&mut page, block, &[]);
    page
}

fn has_unreadable(block: &Block) -> bool {
    block.attributes.iter().any(|attribute| match &attribute.kind {
        Kind::Block(inner) => has_unreadable(inner),
        Kind::Value(_) => is_unreadable(attribute),
    })
}

/// Whether the reader must know that CertCentral may not return the argument.
fn is_unreadable(attribute: &Attribute) -> bool {
    attribute.unreadable && attribute.configurable() && !attribute.provider_only
}

/// A limit, as a sentence each.
fn rules(attribute: &Attribute) -> Vec<String> {
    let is_collection =
        matches!(attribute.kind, Kind::Value(Type::List(_) | Type::Set(_) | Type::Map(_)));
    let mut sentences = Vec::new();
    for check in &attribute.checks {
        let rule = check.rule();
        let said_already = match check {
            // Every required text has this one.
            Check::MinLength(1) => attribute.presence == Presence::Required,
            _ => rule.is_empty(),
        };
        if !said_already {
            let who = if is_collection && !check.is_on_collection() { "Each must" } else { "Must" };
            sentences.push(format!("{who} {rule}."));
        }
    }
    sentences
}

/// A heading, and what stands below it.
type Group = (&'static str, fn(Presence) -> bool);

/// A part of the page below the one that links to it.
struct Nested<'a> {
    anchor: String,
    path: Vec<&'static str>,
    block: &'a Block,
}

/// The members of a block by group, and below them what is nested in them.
fn write_members(page: &mut String, block: &Block, path: &[&'static str]) {
    let mut nested = Vec::new();
    for (title, is_of_group) in GROUPS {
        let members = block.attributes.iter().filter(|it| is_of_group(it.presence));
        let mut members: Vec<_> = members.collect();
        members.sort_by_key(|attribute| attribute.name);
        if !members.is_empty() {
            let root = path.is_empty();
            let heading = if root { format!("### {title}") } else { format!("{title}:") };
            line(page, &format!("\n{heading}\n"));
        }
        for attribute in members {
            let below = below(attribute, [path, &[attribute.name]].concat());
            write_attribute(page, attribute, below.as_ref());
            nested.extend(below);
        }
    }
    for Nested { anchor, path, block } in nested {
        let title = format!("### Nested Schema for `{}`", path.join("."));
        line(page, &format!("\n<a id=\"{anchor}\"></a>\n{title}\n\n{}", block.description));
        write_members(page, block, &path);
    }
}

fn write_attribute(page: &mut String, attribute: &Attribute, below: Option<&Nested<'_>>) {
    let Attribute { name, .. } = attribute;
    let link = below.map(|it| format!(" (see [below for nested schema](#{}))", it.anchor));
    let link = link.unwrap_or_default();
    line(page, &format!("- `{name}` ({}) {}{link}", words(attribute), describe(attribute)));
}

/// What the page has to tell below about the attribute's inside.
fn below<'a>(attribute: &'a Attribute, path: Vec<&'static str>) -> Option<Nested<'a>> {
    let (prefix, block) = match (&attribute.kind, &attribute.members) {
        (Kind::Block(block), _) => ("nestedblock", *block),
        (Kind::Value(_), Some(block)) => ("nestedatt", block),
        (Kind::Value(_), None) => return None,
    };
    Some(Nested { anchor: format!("{prefix}--{}", path.join("--")), path, block })
}

/// The words in parentheses behind a name.
fn words(attribute: &Attribute) -> String {
    let mut words = match &attribute.kind {
        Kind::Value(of) => type_words(of),
        Kind::Block(_) if attribute.presence == Presence::Required => "Block, Required".to_owned(),
        Kind::Block(_) => "Block, Optional".to_owned(),
    };
    if attribute.sensitive {
        words += ", Sensitive";
    }
    words
}

fn type_words(of: &Type) -> String {
    match of {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::List(element) => format!("List of {}", type_words(element)),
        Type::Set(element) => format!("Set of {}", type_words(element)),
        Type::Map(element) => format!("Map of {}", type_words(element)),
        Type::Object(_) => "Object".to_owned(),
    }
}

fn line(page: &mut String, text: &str) {
    page.push_str(text);
    page.push('\n');
}

const GROUPS: [Group; 3] = [
    ("Required", |presence| presence == Presence::Required),
    ("Optional", |presence| matches!(presence, Presence::Optional | Presence::OptionalComputed)),
    ("Read-Only", |presence| presence == Presence::Computed),
];

/// What the short remark at an attribute means.
const UNREADABLE: &str = "
An argument that is *not always readable* keeps its value in the state wherever CertCentral does not show it: a
change made elsewhere then goes unnoticed, and an import may leave it null.";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use expect_test::expect;

    use super::*;
    use crate::model;
    use crate::schema::Model;
    use crate::secret::Secret;

    model! {
        /// A thing.
        struct Thing {
            /// Number of
            /// the thing.
            #[attr(computed)]
            pub id: Option<String>,
            /// Its name.
            #[attr(max_len(64), force_new)]
            pub name: String,
            /// Its token.
            #[attr(env("THING_TOKEN"))]
            pub token: Option<Secret>,
            /// Colours.
            #[attr(one_of(&["red", "blue"]), not_empty("it must look like something"))]
            pub colors: Option<BTreeSet<String>>,
            /// Guard.
            #[attr(default(true), provider_only)]
            pub guarded: Option<bool>,
            /// Years.
            #[attr(range(1, 6), optional_computed, immutable)]
            pub years: Option<i64>,
            /// Words.
            #[attr(create_default([]), unreadable)]
            pub words: Option<BTreeSet<String>>,
            /// Where it is.
            #[attr(immutable)]
            pub place: Place,
            /// Who has had it.
            #[attr(computed)]
            pub owners: Option<Vec<Owner>>,
        }
    }

    model! {
        /// A place.
        struct Place {
            /// Street.
            pub street: Option<String>,
            /// Town.
            #[attr(caseless)]
            pub town: Option<String>,
            /// Who is there.
            #[attr(computed, object)]
            pub owner: Option<Owner>,
        }
    }

    model! {
        /// Somebody.
        struct Owner {
            /// Full name.
            #[attr(max_len(64))]
            pub name: Option<String>,
            /// Whether it is a person.
            pub person: Option<bool>,
        }
    }

    #[test]
    fn every_mark_is_told_once() {
        expect![[r###"
            ## Schema

            An argument that is *not always readable* keeps its value in the state wherever CertCentral does not show it: a
            change made elsewhere then goes unnoticed, and an import may leave it null.

            ### Required

            - `name` (String) Its name. Must have at most 64 characters. A change makes a new object in place of this one.
            - `place` (Block, Required) Where it is. Nothing in it can be changed after creation. (see [below for nested schema](#nestedblock--place))

            ### Optional

            - `colors` (Set of String) Colours. Each must be one of "red", "blue". Must have at least one element: it must look like something.
            - `guarded` (Boolean) Guard. Defaults to `true`.
            - `token` (String, Sensitive) Its token. Can also be set with the `THING_TOKEN` environment variable.
            - `words` (Set of String) Words. If omitted when the resource is created, `[]` is used. Not always readable.
            - `years` (Number) Years. Must be a whole number from 1 to 6. Where it is left out, CertCentral's own value stands. Cannot be changed after creation.

            ### Read-Only

            - `id` (String) Number of the thing.
            - `owners` (List of Object) Who has had it. (see [below for nested schema](#nestedatt--owners))

            <a id="nestedblock--place"></a>
            ### Nested Schema for `place`

            A place.

            Optional:

            - `street` (String) Street.
            - `town` (String) Town. Letter case carries no meaning.

            Read-Only:

            - `owner` (Object) Who is there. (see [below for nested schema](#nestedatt--place--owner))

            <a id="nestedatt--place--owner"></a>
            ### Nested Schema for `place.owner`

            Somebody.

            Read-Only:

            - `name` (String) Full name.
            - `person` (Boolean) Whether it is a person.

            <a id="nestedatt--owners"></a>
            ### Nested Schema for `owners`

            Somebody.

            Read-Only:

            - `name` (String) Full name.
            - `person` (Boolean) Whether it is a person.
        "###]].assert_eq(&schema_section(Thing::block()));
    }
}
