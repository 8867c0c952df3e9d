//! The kinds of objects: what a configuration of one says, which objects of CertCentral are meant, and what other people
//! do to them. One file each.

mod account_emails;
mod account_settings;
mod api_key;
mod custom_field;
mod division;
mod organization;
mod organization_contacts;
mod service_user;
mod subaccount;
mod subaccount_invite;
mod user;
mod webhook;

use certcentral_sim::World;
use fastrand::Rng;
use serde_json::Value as Json;

/// A kind of object.
pub(crate) struct Kind {
    /// Its resource type.
    pub(crate) of: &'static str,
    /// How many different objects of it a life has.
    pub(crate) objects: usize,
    /// A configuration of the object with this number.
    pub(crate) config: fn(&mut Chooser<'_>, usize) -> Json,
    /// IDs of the objects in CertCentral that are the one with this number.
    pub(crate) existing: fn(&World, usize) -> Vec<u64>,
    /// Another person changes the object with this ID.
    pub(crate) edit: fn(&mut World, &mut Rng, u64),
    /// Another person removes it. `None` if nobody can.
    pub(crate) remove: Option<fn(&mut World, u64)>,
    /// Another person creates an object that is nobody's in the configuration, and returns its ID.
    pub(crate) create: Option<fn(&mut World) -> u64>,
    /// Whether an object that another person created is as it was.
    pub(crate) is_untouched: fn(&World, u64) -> bool,
    /// Whether a new object can be created while the one that it replaces exists.
    pub(crate) can_exist_twice: bool,
    /// Whether an `import` block has its ID, and a state without its key is as good.
    pub(crate) is_imported_by_its_id: bool,
    /// Whether a create looks for an equal object first, and refuses a second one.
    pub(crate) is_unique: bool,
    /// Whether a destroy leaves it, so that it is imported to be managed again.
    pub(crate) outlives_destroy: bool,
    /// Which object this write makes a key for.
    pub(crate) makes_key_of: fn(&World, &str, &Json) -> Option<usize>,
}

impl Kind {
    const fn new(
        of: &'static str,
        config: fn(&mut Chooser<'_>, usize) -> Json,
        existing: fn(&World, usize) -> Vec<u64>,
    ) -> Self {
        Self {
            of,
            objects: 2,
            config,
            existing,
            edit: |_, _, _| {},
            remove: None,
            create: None,
            is_untouched: |_, _| true,
            can_exist_twice: false,
            is_imported_by_its_id: true,
            is_unique: false,
            outlives_destroy: false,
            makes_key_of: |_, _, _| None,
        }
    }
}

/// All kinds.
pub(crate) static KINDS: [Kind; 12] = [
    account_emails::KIND,
    account_settings::KIND,
    api_key::KIND,
    custom_field::KIND,
    division::KIND,
    organization::KIND,
    organization_contacts::KIND,
    service_user::KIND,
    subaccount::KIND,
    subaccount_invite::KIND,
    user::KIND,
    webhook::KIND,
];

/// The kind of a resource type.
pub(crate) fn kind(of: &str) -> &'static Kind {
    KINDS.iter().find(|it| it.of == of).expect("every type has a kind")
}

/// Chooses the values of a configuration.
pub(crate) struct Chooser<'a> {
    pub(crate) random: &'a mut Rng,
    /// Addresses that the configuration has, by type.
    pub(crate) addresses: Vec<(&'static str, String)>,
}

impl Chooser<'_> {
    /// One of these.
    pub(crate) fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.random.usize(..choices.len())].clone()
    }

    /// One of these texts, or null.
    pub(crate) fn maybe(&mut self, choices: &[&str]) -> Json {
        if self.random.bool() { Json::Null } else { self.of(choices).into() }
    }

    /// True in one of `n` cases.
    pub(crate) fn one_in(&mut self, n: u32) -> bool {
        self.random.u32(..n) == 0
    }

    /// Some of these, at least one.
    pub(crate) fn some(&mut self, choices: &[&str]) -> Json {
        let mut chosen: Vec<_> = choices.iter().filter(|_| self.random.bool()).copied().collect();
        if chosen.is_empty() {
            chosen.push(choices[self.random.usize(..choices.len())]);
        }
        chosen.into()
    }

    /// A reference to a resource of this type, or this ID.
    pub(crate) fn reference(&mut self, of: &str, otherwise: &str) -> String {
        let found: Vec<_> = self.addresses.iter().filter(|it| it.0 == of).map(|it| &it.1).collect();
        if found.is_empty() || self.random.bool() {
            return otherwise.to_owned();
        }
        format!("ref:{}", found[self.random.usize(..found.len())])
    }
}

/// The ID of the administrator, whose key the provider uses.
pub(crate) const ADMINISTRATOR: &str = "110001";
