//! Configurations as text, formatted as `terraform fmt` does it.

use std::fmt::Write;

use super::attribute::{Attribute, Block, Kind};
use super::value::Value;

/// Appends the arguments and nested blocks of a configuration, indented by `indent` levels. Null arguments are
/// left out.
///
/// `reference` returns what to write for an ID of an object of one of these resource types.
pub fn write_body(
    out: &mut String,
    block: &Block,
    config: &Value,
    indent: usize,
    reference: &dyn Fn(&[&str], &str) -> String,
) {
    let given = || block.attributes.iter().filter(|it| !config.attribute(it.name).is_null());
    let arguments = || given().filter(|it| matches!(it.kind, Kind::Value(_)));
    let width = arguments().map(|it| it.name.len()).max().unwrap_or_default();
    for attribute in arguments() {
        let text = argument(attribute, config.attribute(attribute.name), reference);
        margin(out, indent);
        let _ = writeln!(out, "{:width$} = {text}", attribute.name);
    }
    let mut is_first = width == 0;
    for attribute in given() {
        let Kind::Block(inner) = &attribute.kind else { continue };
        if !is_first {
            out.push('\n');
        }
        is_first = false;
        margin(out, indent);
        let _ = writeln!(out, "{} {{", attribute.name);
        write_body(out, inner, config.attribute(attribute.name), indent + 1, reference);
        margin(out, indent);
        out.push_str("}\n");
    }
}

fn margin(out: &mut String, indent: usize) {
    (0..indent).for_each(|_| out.push_str("  "));
}

fn argument(
    attribute: &Attribute,
    value: &Value,
    reference: &dyn Fn(&[&str], &str) -> String,
) -> String {
    let id = |value: &Value| match value.as_str() {
        Some(id) if !attribute.refers_to.is_empty() => reference(attribute.refers_to, id),
        _ => expression(value),
    };
    match value {
        Value::List(elements) | Value::Set(elements) => list(elements.iter().map(id)),
        value => id(value),
    }
}

/// A value in Terraform's language.
pub fn expression(value: &Value) -> String {
    match value {
        Value::Null | Value::Unknown => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::List(elements) | Value::Set(elements) => list(elements.iter().map(expression)),
        Value::Map(elements) => {
            object(elements.iter().map(|(key, value)| (quoted(key), expression(value))))
        }
        Value::Object(attributes) => {
            object(attributes.iter().map(|(name, value)| ((*name).to_owned(), expression(value))))
        }
    }
}

fn list(elements: impl Iterator<Item = String>) -> String {
    format!("[{}]", elements.collect::<Vec<_>>().join(", "))
}

fn object(members: impl Iterator<Item = (String, String)>) -> String {
    let members: Vec<_> = members.map(|(key, value)| format!("{key} = {value}")).collect();
    if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) }
}

/// A text in quotes, without a template or an escape sequence of its own.
///
/// <https://developer.hashicorp.com/terraform/language/expressions/strings>
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                quoted.push(character);
                quoted.push(character);
            }
            other if other.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(other));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::model;
    use crate::schema::{Attr, Model};

    model! {
        /// A block.
        struct Inner {
            /// A name.
            pub first_name: Option<String>,
            /// A count.
            pub n: Option<i64>,
        }
    }

    model! {
        /// A resource.
        struct Outer {
            /// A name.
            pub name: Option<String>,
            /// Nested.
            pub inner: Option<Inner>,
            /// An ID.
            #[attr(refers_to(&["digicert_division"]))]
            pub parent_id: Option<String>,
            /// IDs.
            #[attr(refers_to(&["digicert_division"]))]
            pub other_ids: Option<std::collections::BTreeSet<String>>,
            /// Also nested.
            pub last: Option<Inner>,
        }
    }

    fn body(config: Outer) -> String {
        let mut out = String::new();
        let reference = |types: &[&str], id: &str| match id {
            "7" => format!("{}.sales.id", types[0]),
            other => quoted(other),
        };
        write_body(&mut out, Outer::block(), &config.into_value(), 0, &reference);
        out
    }

    #[test]
    fn arguments_are_aligned_and_come_before_blocks() {
        let inner = Inner { first_name: Some("Ada".into()), n: Some(3) };
        let whole = Outer {
            name: Some("n".into()),
            inner: Some(inner.clone()),
            parent_id: Some("7".into()),
            other_ids: Some(["8".into(), "7".into()].into()),
            last: Some(Inner::default()),
        };
        expect![[r#"
            name      = "n"
            parent_id = digicert_division.sales.id
            other_ids = [digicert_division.sales.id, "8"]

            inner {
              first_name = "Ada"
              n          = 3
            }

            last {
            }
        "#]]
        .assert_eq(&body(whole));
        let only_a_block = Outer { inner: Some(inner), ..Outer::default() };
        assert!(body(only_a_block).starts_with("inner {\n"));
        assert_eq!(body(Outer::default()), "");
    }

    #[test]
    fn texts_are_quoted_so_that_they_are_read_as_they_are() {
        for (text, expected) in [
            ("plain ü 株", r#""plain ü 株""#),
            (r#"a "b" \c"#, r#""a \"b\" \\c""#),
            ("${a} %{b} $a 100% $${", r#""$${a} %%{b} $a 100% $$${""#),
            ("a\nb\tc\rd\u{1}\u{7f}", r#""a\nb\tc\rd\u0001\u007f""#),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn values_of_all_types_are_written() {
        let map = Value::Map([("a b".into(), "c".into())].into());
        let object = Value::Object([("on", true.into()), ("none", Value::Null)].into());
        let all = Value::List(vec![map, object, Value::Map([].into())]);
        assert_eq!(expression(&all), r#"[{ "a b" = "c" }, { none = null, on = true }, {}]"#);
    }
}
