//! Attributes and blocks, and the marks a declaration can give them.

use super::check::Check;
use super::model::Attr;
use super::types::Type;
use super::value::Value;

/// The attributes of a resource, or of a block nested in it.
#[derive(Clone)]
pub struct Block {
    /// Markdown: the doc comment of the struct.
    pub description: String,
    /// In the order of the declaration.
    pub attributes: Vec<Attribute>,
    /// The type of the block's value: an object of everything in it.
    object_type: Type,
}

impl Block {
    /// A block of these attributes.
    pub fn new(description: String, attributes: Vec<Attribute>) -> Self {
        let members = attributes.iter().map(|a| (a.name, a.kind.value_type().clone()));
        let object_type = Type::Object(members.collect());
        Self { description, attributes, object_type }
    }

    /// The type of the block's value: an object of everything in it.
    pub fn object_type(&self) -> &Type {
        &self.object_type
    }

    /// The attribute of that name.
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// What stands under an attribute's name.
#[derive(Clone)]
pub enum Kind {
    /// A value: `name = …`.
    Value(Type),
    /// A single nested block: `name { … }`.
    Block(&'static Block),
}

impl Kind {
    /// The type of the value.
    pub fn value_type(&self) -> &Type {
        match self {
            Self::Value(of) => of,
            Self::Block(block) => block.object_type(),
        }
    }
}

/// Who gives the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The configuration, always.
    Required,
    /// The configuration, or nobody.
    Optional,
    /// CertCentral alone.
    Computed,
    /// The configuration; left out, CertCentral, and what it holds is left alone.
    OptionalComputed,
}

/// How a value of Terraform stands in a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// As JSON of the same type.
    Same,
    /// A string of digits here, an integer there.
    Integer,
}

/// One attribute or nested block. Each mark of a `#[attr(…)]` is a method of this type.
#[derive(Clone)]
pub struct Attribute {
    /// The name in configurations and in the API alike.
    pub name: &'static str,
    /// Markdown: the doc comment of the field.
    pub description: String,
    /// Value or block.
    pub kind: Kind,
    /// What the documentation says about the objects in a value.
    pub members: Option<Block>,
    /// Who gives the value.
    pub presence: Presence,
    /// How the value stands in a request body.
    pub json_type: JsonType,
    /// Not shown in plans, messages and logs.
    pub sensitive: bool,
    /// Not shown in messages: people put credentials in its place.
    pub confidential: bool,
    /// An edit is refused once the object exists; a block's mark covers what is in it.
    pub immutable: bool,
    /// An edit makes a new object.
    pub force_new: bool,
    /// Left out by the endpoint that reads the object: state is kept.
    pub unreadable: bool,
    /// Neither read nor drifting unless state has a value.
    pub if_configured: bool,
    /// Letter case carries no meaning.
    pub caseless: bool,
    /// What a configuration that omits it stands for when the object is created.
    pub create_default: Option<Value>,
    /// The provider's own business: neither sent nor read.
    pub provider_only: bool,
    /// What a configuration that omits it stands for.
    pub default: Option<Value>,
    /// Computed anew when one of these siblings changes.
    pub changes_with: &'static [&'static str],
    /// The environment variable that stands in for it.
    pub env: Option<&'static str>,
    /// Limits, in the order they are checked.
    pub checks: Vec<Check>,
}

impl Attribute {
    /// The attribute that a field of type `T` declares, before any mark.
    pub fn new<T: Attr>(name: &'static str, documentation: &str) -> Self {
        let mut checks = T::checks();
        if !T::OPTIONAL && matches!(T::kind(), Kind::Value(Type::String)) {
            checks.push(Check::MinLength(1));
        }
        Self {
            name,
            description: paragraphs(documentation),
            kind: T::kind(),
            members: T::members().cloned(),
            presence: if T::OPTIONAL { Presence::Optional } else { Presence::Required },
            json_type: T::JSON,
            sensitive: T::SENSITIVE,
            confidential: false,
            immutable: false,
            force_new: false,
            unreadable: false,
            if_configured: false,
            caseless: false,
            create_default: None,
            provider_only: false,
            default: None,
            changes_with: &[],
            env: None,
            checks,
        }
    }

    /// CertCentral alone gives the value.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.presence = Presence::Computed;
        self.checks.clear();
        for member in self.members.iter_mut().flat_map(|block| &mut block.attributes) {
            *member = member.clone().computed();
        }
        self
    }

    /// The configuration may give the value; left out, what is there is left alone.
    #[must_use]
    pub fn optional_computed(mut self) -> Self {
        self.presence = Presence::OptionalComputed;
        self
    }

    /// A computed value that changes when one of these siblings does.
    #[must_use]
    pub fn changes_with(mut self, siblings: &'static [&'static str]) -> Self {
        self.changes_with = siblings;
        self
    }

    /// Never shown.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Never shown in a message, as it may be a credential in the wrong place.
    #[must_use]
    pub fn confidential(mut self) -> Self {
        self.confidential = true;
        self
    }

    /// Cannot change once the object exists: an edit is an error of the plan.
    #[must_use]
    pub fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    /// A change makes a new object.
    #[must_use]
    pub fn force_new(mut self) -> Self {
        self.force_new = true;
        self
    }

    /// The endpoint that reads the object may leave it out: then state is kept.
    #[must_use]
    pub fn unreadable(mut self) -> Self {
        self.unreadable = true;
        self
    }

    /// Read only where state has a value, so that what nobody configured never drifts.
    #[must_use]
    pub fn if_configured(mut self) -> Self {
        self.if_configured = true;
        self
    }

    /// Equal without regard to letter case.
    #[must_use]
    pub fn caseless(mut self) -> Self {
        self.caseless = true;
        self
    }

    /// Has this value where the configuration of a new object omits it; that of an existing one is left
    /// alone.
    #[must_use]
    pub fn create_default(mut self, value: impl Into<Value>) -> Self {
        self.create_default = Some(value.into());
        self.optional_computed()
    }

    /// Known to Terraform alone: never part of a request, and kept by every read.
    #[must_use]
    pub fn provider_only(mut self) -> Self {
        self.provider_only = true;
        self.unreadable()
    }

    /// Has this value where the configuration omits it.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(value.into());
        self.optional_computed()
    }

    /// A model as one value of object type instead of a nested block.
    #[must_use]
    pub fn object(mut self) -> Self {
        self.kind = Kind::Value(self.kind.value_type().clone());
        self
    }

    /// The environment variable that stands in where the configuration says nothing.
    #[must_use]
    pub fn env(mut self, variable: &'static str) -> Self {
        self.env = Some(variable);
        self
    }

    /// At least that many characters.
    #[must_use]
    pub fn min_len(self, characters: usize) -> Self {
        self.check(Check::MinLength(characters))
    }

    /// At most that many characters.
    #[must_use]
    pub fn max_len(self, characters: usize) -> Self {
        self.check(Check::MaxLength(characters))
    }

    /// One of these texts, to the letter.
    #[must_use]
    pub fn one_of(self, texts: &'static [&'static str]) -> Self {
        self.check(Check::OneOf(texts))
    }

    /// A whole number between these, both included.
    #[must_use]
    pub fn range(mut self, least: i64, most: i64) -> Self {
        // The range says it, too, and one mistake is one error.
        self.checks.retain(|check| !matches!(check, Check::Whole));
        self.check(Check::Range(least, most))
    }

    /// A country code of two ASCII letters; letter case carries no meaning in one.
    #[must_use]
    pub fn country_code(self) -> Self {
        self.check(Check::CountryCode).caseless()
    }

    /// An e-mail address; letter case carries no meaning in one.
    #[must_use]
    pub fn email(self) -> Self {
        self.check(Check::Email).caseless()
    }

    /// Letters, digits and these characters only.
    #[must_use]
    pub fn alphanumeric_or(self, others: &'static str) -> Self {
        self.check(Check::AlphanumericOr(others))
    }

    /// A set or list with an element at least; the reason is said in the error.
    #[must_use]
    pub fn not_empty(self, reason: &'static str) -> Self {
        self.check(Check::NotEmpty(reason))
    }

    /// A set in which no two elements differ by letter case alone.
    #[must_use]
    pub fn distinct_without_case(self) -> Self {
        self.check(Check::DistinctWithoutCase)
    }

    /// A text that this function accepts; its error states the rule.
    #[must_use]
    pub fn parses(self, parse: fn(&str) -> Result<(), String>) -> Self {
        self.check(Check::Parses(parse))
    }

    fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// Whether the configuration may hold it.
    pub fn configurable(&self) -> bool {
        self.presence != Presence::Computed
    }

    /// Whether CertCentral may give it.
    pub fn is_computed(&self) -> bool {
        matches!(self.presence, Presence::Computed | Presence::OptionalComputed)
    }
}

/// A doc comment as Markdown: the blank that starts each line is not part of the text.
pub fn paragraphs(documentation: &str) -> String {
    let lines = documentation.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
