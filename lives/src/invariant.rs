//! What holds in every life.

use std::fmt;

/// Something that must hold. Its name is in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// A successful apply without a fault is followed by an empty plan.
    EmptyPlan,
    /// Each configured object exists once, and is the one in the state.
    ExactlyOnce,
    /// No object that is in the state at another address is removed or undone.
    NotUndone,
    /// A one-time key that was received is in the state or in its record.
    KeyKept,
    /// A superseded key that is active is listed in the state.
    SupersededListed,
    /// Nobody is mailed again without a reason.
    MailOnce,
    /// A read, a plan and an import write nothing.
    ReadsWriteNothing,
    /// No secret is outside sensitive attributes of the state.
    SecretsInStateOnly,
    /// The provider does not panic.
    NoPanic,
    /// Every command ends.
    NoHang,
    /// Memory does not grow with the number of lives.
    MemoryBounded,
    /// Every error names its object and a next step.
    ErrorsTeach,
    /// Following the errors ends in an apply that succeeds.
    AWayOut,
    /// Core accepts every plan, result and identity.
    CoreAccepts,
}

impl Invariant {
    /// All of them, in the order of the output.
    pub const ALL: [Self; 14] = [
        Self::EmptyPlan,
        Self::ExactlyOnce,
        Self::NotUndone,
        Self::KeyKept,
        Self::SupersededListed,
        Self::MailOnce,
        Self::ReadsWriteNothing,
        Self::SecretsInStateOnly,
        Self::NoPanic,
        Self::NoHang,
        Self::MemoryBounded,
        Self::ErrorsTeach,
        Self::AWayOut,
        Self::CoreAccepts,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::EmptyPlan => "empty-plan",
            Self::ExactlyOnce => "exactly-once",
            Self::NotUndone => "not-undone",
            Self::KeyKept => "key-kept",
            Self::SupersededListed => "superseded-listed",
            Self::MailOnce => "mail-once",
            Self::ReadsWriteNothing => "reads-write-nothing",
            Self::SecretsInStateOnly => "secrets-in-state-only",
            Self::NoPanic => "no-panic",
            Self::NoHang => "no-hang",
            Self::MemoryBounded => "memory-bounded",
            Self::ErrorsTeach => "errors-teach",
            Self::AWayOut => "a-way-out",
            Self::CoreAccepts => "core-accepts",
        }
    }
}

/// An invariant that does not hold.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The invariant.
    pub invariant: Invariant,
    /// What was seen.
    pub detail: String,
}

impl Violation {
    pub(crate) fn new(invariant: Invariant, detail: impl Into<String>) -> Self {
        Self { invariant, detail: detail.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant.name(), self.detail)
    }
}
