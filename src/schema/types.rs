//! The types of values.

/// The types of Terraform's language that this provider uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A number of any precision.
    Number,
    /// Text.
    String,
    /// Elements in order.
    List(Box<Self>),
    /// Elements without order and without duplicates.
    Set(Box<Self>),
    /// Elements by keys that the user chooses.
    Map(Box<Self>),
    /// Attributes by name, each of its own type.
    Object(Vec<(&'static str, Self)>),
}

impl Type {
    /// The type in words, for messages: "a string".
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Object(_) => "an object",
        }
    }

    /// The type in JSON, as in a schema: `"string"`, `["set","string"]`,
    /// `["object",{"id":"string"}]`.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Self::Bool => json!("bool"),
            Self::Number => json!("number"),
            Self::String => json!("string"),
            Self::List(element) => json!(["list", element.to_json()]),
            Self::Set(element) => json!(["set", element.to_json()]),
            Self::Map(element) => json!(["map", element.to_json()]),
            Self::Object(attributes) => {
                let attributes =
                    attributes.iter().map(|(name, of)| ((*name).to_owned(), of.to_json()));
                json!(["object", attributes.collect::<serde_json::Map<_, _>>()])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_json_is_what_terraform_reads() {
        let object = Type::Object(vec![("id", Type::String), ("on", Type::Bool)]);
        let all = Type::List(Box::new(Type::Map(Box::new(Type::Set(Box::new(object))))));
        assert_eq!(
            all.to_json().to_string(),
            r#"["list",["map",["set",["object",{"id":"string","on":"bool"}]]]]"#
        );
        assert_eq!(Type::Number.to_json().to_string(), r#""number""#);
    }
}
