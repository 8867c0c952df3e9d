//! Marks: the words in `#[attr(…)]`. Each is a method of [`Attribute`].

use super::attribute::{Attribute, Block, Configurability, Kind};
use super::check::Check;
use super::types::Type;
use super::value::Value;

impl Attribute {
    /// CertCentral sets the value. A configuration cannot.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.configurability = Configurability::Computed;
        self.checks.clear();
        for member in self.members.iter_mut().flat_map(|block| &mut block.attributes) {
            *member = member.clone().computed();
        }
        self
    }

    /// A configuration can set the value. If omitted, CertCentral sets it, and its current value is not
    /// changed.
    #[must_use]
    pub fn optional_computed(mut self) -> Self {
        self.configurability = Configurability::OptionalComputed;
        self
    }

    /// A computed value that changes if one of these attributes of the same block changes.
    #[must_use]
    pub fn recomputed_with(mut self, attributes: &'static [&'static str]) -> Self {
        self.recomputed_with = attributes;
        self
    }

    /// The value is hidden in plans, messages and logs.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// The value is hidden in messages, since users may enter a credential here by mistake.
    #[must_use]
    pub fn confidential(mut self) -> Self {
        self.confidential = true;
        self
    }

    /// The value cannot be changed after creation. A change is an error in the plan.
    #[must_use]
    pub fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    /// A change of the value forces a new object.
    #[must_use]
    pub fn force_new(mut self) -> Self {
        self.force_new = true;
        self
    }

    /// The value is not returned by all responses. If it is missing from one, the state is kept.
    #[must_use]
    pub fn not_returned(mut self) -> Self {
        self.not_returned = true;
        self
    }

    /// The value is read only if the state has one, so that an attribute that is not configured never
    /// changes.
    #[must_use]
    pub fn read_if_configured(mut self) -> Self {
        self.read_if_configured = true;
        self
    }

    /// Values that differ only in letter case are equal.
    #[must_use]
    pub fn case_insensitive(mut self) -> Self {
        self.case_insensitive = true;
        self
    }

    /// The value of a new object whose configuration omits it. The value of an existing object is not
    /// changed.
    #[must_use]
    pub fn create_default(mut self, value: impl Into<Value>) -> Self {
        self.create_default = Some(value.into());
        self.optional_computed()
    }

    /// The value is passed to the provider and never stored in a plan or state. It is not part of a request
    /// body: the resource decides when it is sent.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// The value is known only to the provider. It is not part of a request, and a read keeps it.
    #[must_use]
    pub fn provider_only(mut self) -> Self {
        self.provider_only = true;
        self.not_returned()
    }

    /// The value if the configuration omits it.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(value.into());
        self.optional_computed()
    }

    /// A model is a value of type object instead of a nested block.
    #[must_use]
    pub fn object(mut self) -> Self {
        self.kind = Kind::Value(self.kind.value_type().clone());
        self
    }

    /// An argument that a data source looks its object up by. A configuration sets exactly one of those with
    /// this mark. The others are read.
    #[must_use]
    pub fn looks_up(mut self) -> Self {
        self.looks_up = true;
        self.min_len(1).optional_computed()
    }

    /// A computed list of objects with these attributes.
    #[must_use]
    pub fn rows(mut self, attributes: Vec<Self>) -> Self {
        let row = Block::new(String::new(), attributes);
        self.kind = Kind::Value(Type::List(Box::new(row.object_type().clone())));
        self.members = Some(row);
        self.computed()
    }

    /// The value is the ID of an object of one of these resource types, or a set of such IDs. `export` writes
    /// references to the objects that it exports. References must not form a circle.
    #[must_use]
    pub fn refers_to(mut self, types: &'static [&'static str]) -> Self {
        self.refers_to = types;
        self
    }

    /// A person would name the object after this value. `export` uses the first one that an object has.
    #[must_use]
    pub fn names_object(mut self) -> Self {
        self.names_object = true;
        self
    }

    /// The environment variable that is used if the configuration omits the attribute.
    #[must_use]
    pub fn env(mut self, variable: &'static str) -> Self {
        self.env = Some(variable);
        self
    }

    /// At least this many characters.
    #[must_use]
    pub fn min_len(self, characters: usize) -> Self {
        self.check(Check::MinLength(characters))
    }

    /// At most this many characters.
    #[must_use]
    pub fn max_len(self, characters: usize) -> Self {
        self.check(Check::MaxLength(characters))
    }

    /// One of these texts.
    #[must_use]
    pub fn one_of(self, texts: &'static [&'static str]) -> Self {
        self.check(Check::OneOf(texts))
    }

    /// A whole number from `least` to `most`.
    #[must_use]
    pub fn range(mut self, least: i64, most: i64) -> Self {
        // The range includes this rule. With both, one mistake would be two errors.
        self.checks.retain(|check| !matches!(check, Check::Whole));
        self.check(Check::Range(least, most))
    }

    /// A country code of two ASCII letters, in upper or lower case.
    #[must_use]
    pub fn country_code(self) -> Self {
        self.check(Check::CountryCode).case_insensitive()
    }

    /// An e-mail address, in upper or lower case.
    #[must_use]
    pub fn email(self) -> Self {
        self.check(Check::Email).case_insensitive()
    }

    /// Only letters, digits and these characters.
    #[must_use]
    pub fn alphanumeric_or(self, others: &'static str) -> Self {
        self.check(Check::AlphanumericOr(others))
    }

    /// A set, list or map with at least one element. The error states the reason.
    #[must_use]
    pub fn not_empty(self, reason: &'static str) -> Self {
        self.check(Check::NotEmpty(reason))
    }

    /// A set without elements that differ only in letter case.
    #[must_use]
    pub fn unique_ignoring_case(self) -> Self {
        self.check(Check::UniqueIgnoringCase)
    }

    /// A set whose elements have at most this many characters together, with a comma and a space between them.
    #[must_use]
    pub fn max_joined_len(self, characters: usize) -> Self {
        self.check(Check::JoinedLength(characters))
    }

    /// A text that this function accepts. Its error states the rule.
    #[must_use]
    pub fn parses(self, parse: fn(&str) -> Result<(), String>) -> Self {
        self.check(Check::Parses(parse))
    }

    fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }
}
