//! The types a value can have.

/// A type of Terraform's language, as far as this provider uses them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A number of any size and precision.
    Number,
    /// Text.
    String,
    /// Elements in an order that matters.
    List(Box<Self>),
    /// Elements without order or repetition.
    Set(Box<Self>),
    /// Elements under keys the user chooses.
    Map(Box<Self>),
    /// Named attributes, each with a type of its own.
    Object(Vec<(&'static str, Self)>),
}

impl Type {
    /// The type as the JSON that schemas carry: `"string"`, `["set","string"]`,
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
