//! Names of resources: those that a person would choose, the same in every run.

use std::collections::{BTreeMap, BTreeSet};

use super::arguments::PREFIX;
use super::spool::Spool;
use crate::kind::AnyResource;
use crate::schema::{Block, Kind, Value};

/// The names of all exported objects, by type and ID.
pub(super) struct Names(BTreeMap<&'static str, BTreeMap<String, String>>);

impl Names {
    /// Names the objects that were read.
    pub(super) fn of(read: &[(&'static dyn AnyResource, Spool)]) -> Self {
        let of_type = |(resource, spool): &(&'static dyn AnyResource, Spool)| {
            let objects = spool.entries().map(|it| (it.id.as_str(), it.name.as_str()));
            (resource.type_name(), assign(noun(resource.type_name()), objects))
        };
        Self(read.iter().map(of_type).collect())
    }

    /// The name of an object, if it is exported.
    pub(super) fn get(&self, type_name: &str, id: &str) -> Option<&str> {
        self.0.get(type_name)?.get(id).map(String::as_str)
    }
}

fn noun(type_name: &str) -> &str {
    type_name.strip_prefix(PREFIX).unwrap_or(type_name)
}

/// What a person would name the object after: the first text of a configuration that is marked for it.
pub(super) fn natural_name<'a>(block: &Block, config: &'a Value) -> Option<&'a str> {
    block.attributes.iter().find_map(|attribute| {
        let value = config.attribute(attribute.name);
        match &attribute.kind {
            Kind::Block(inner) => natural_name(inner, value),
            Kind::Value(_) if attribute.names_object => value.as_str().filter(|it| !it.is_empty()),
            Kind::Value(_) => None,
        }
    })
}

/// Names for objects in the order of their IDs. The first one of several with the same name has it alone, the others
/// have their ID in addition, so that a new object changes no name of an older one.
fn assign<'a>(
    noun: &str,
    objects: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<String, String> {
    let (mut names, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for (id, text) in objects {
        let base = identifier(text, noun, id);
        let id_of_name = short(id);
        let mut name = base.clone();
        let mut attempt = 1;
        while !taken.insert(name.clone()) {
            name = match attempt {
                1 => with_suffix(&base, id_of_name),
                // Another object is named like this one with its ID.
                _ => with_suffix(&base, &format!("{id_of_name}_{attempt}")),
            };
            attempt += 1;
        }
        names.insert(id.to_owned(), name);
    }
    names
}

/// The text as a name: lower case, digits and underscores. Where nothing of it is left, the type and the ID.
fn identifier(text: &str, noun: &str, id: &str) -> String {
    // The name of a person, not of the mail server.
    let text =
        text.split_once('@').map_or(text, |(local, _)| if local.is_empty() { text } else { local });
    let mut name = String::new();
    for character in text.chars() {
        match ascii(character) {
            Some(letters) => name.push_str(&letters),
            None if name.ends_with('_') => {}
            None => name.push('_'),
        }
    }
    let name = name.trim_matches('_');
    if name.is_empty() {
        return with_suffix(noun, short(id));
    }
    let needs_noun = name.starts_with(|it: char| it.is_ascii_digit()) || RESERVED.contains(&name);
    let name = if needs_noun { format!("{noun}_{name}") } else { name.to_owned() };
    cut(&name, MAX_LENGTH).to_owned()
}

fn with_suffix(name: &str, suffix: &str) -> String {
    let rest = MAX_LENGTH.saturating_sub(suffix.len() + 1);
    format!("{}_{suffix}", cut(name, rest))
}

/// The ID as a part of a name. The ID of some objects is a list.
fn short(id: &str) -> &str {
    id.split(|it: char| !it.is_ascii_alphanumeric()).next().unwrap_or_default()
}

/// The first characters, all of which are ASCII.
fn cut(name: &str, length: usize) -> &str {
    name.get(..length).unwrap_or(name).trim_end_matches('_')
}

/// The letters or the digit that a person without the character would type, in lower case.
fn ascii(character: char) -> Option<String> {
    if character.is_ascii_alphanumeric() {
        return Some(character.to_ascii_lowercase().to_string());
    }
    let lower = character.to_lowercase().next().unwrap_or(character);
    let found = LATIN.iter().find(|(of, _)| of.contains(lower));
    found.map(|(_, letters)| (*letters).to_owned())
}

/// Letters of European languages.
const LATIN: &[(&str, &str)] = &[
    ("àáâãåāăą", "a"),
    ("äæ", "ae"),
    ("çćĉċč", "c"),
    ("ðďđ", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįı", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŋ", "n"),
    ("òóôõōŏő", "o"),
    ("öøœ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ß", "ss"),
    ("ţťŧț", "t"),
    ("þ", "th"),
    ("ùúûũūŭůűų", "u"),
    ("ü", "ue"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
];

/// Words with a meaning in Terraform's language.
const RESERVED: &[&str] = &[
    "count",
    "data",
    "each",
    "else",
    "endfor",
    "endif",
    "false",
    "for",
    "for_each",
    "if",
    "in",
    "lifecycle",
    "local",
    "locals",
    "module",
    "null",
    "output",
    "path",
    "provider",
    "resource",
    "self",
    "source",
    "terraform",
    "true",
    "var",
    "variable",
    "version",
];

const MAX_LENGTH: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn named(objects: &[(&str, &str)]) -> Vec<String> {
        let names = assign("user", objects.iter().copied());
        objects.iter().map(|(id, _)| names[*id].clone()).collect()
    }

    #[test]
    fn names_are_those_that_a_person_would_choose() {
        for (text, expected) in [
            ("ada.lovelace@example.com", "ada_lovelace"),
            ("Ada  Lovelace", "ada_lovelace"),
            ("Müller & Søn A/S", "mueller_soen_a_s"),
            ("Łódź Straße", "lodz_strasse"),
            ("--x--", "x"),
            ("@example", "example"),
            ("株式会社", "user_7"),
            ("", "user_7"),
            ("123", "user_123"),
            ("3M", "user_3m"),
            ("for", "user_for"),
            ("株式会社 Example", "example"),
        ] {
            assert_eq!(named(&[("7", text)]), [expected], "{text}");
        }
    }

    #[test]
    fn names_are_unique_and_older_ones_stay() {
        let two = [("5", "Ada"), ("9", "ada")];
        assert_eq!(named(&two), ["ada", "ada_9"]);
        // Another object already has the name with the ID.
        assert_eq!(named(&[("1", "a_9"), ("5", "a"), ("9", "A")]), ["a_9", "a", "a_9_2"]);
        assert_eq!(named(&[("41,42", "retail"), ("43,44", "retail")]), ["retail", "retail_43"]);
    }

    #[test]
    fn names_have_at_most_64_characters() {
        let long = "x".repeat(255);
        let names = named(&[("1", &long), ("2", &long), ("3", &"é".repeat(255))]);
        assert_eq!(names[0], "x".repeat(64));
        assert_eq!(names[1], format!("{}_2", "x".repeat(62)));
        assert_eq!(names[2], "e".repeat(64));
        let cut_at_a_gap = format!("{} {}", "y".repeat(63), "z".repeat(9));
        assert_eq!(named(&[("1", &cut_at_a_gap)]), ["y".repeat(63)]);
    }
}
