//! What an endpoint is given.

use serde_json::Value;

use crate::options::Options;
use crate::query::Query;
use crate::reply::{Outcome, Refusal};
use crate::world::{Caller, World};

/// Answers a call, and changes the world unless it refuses.
pub(crate) type Endpoint = fn(&mut World, &Call<'_>) -> Outcome;

/// A request whose key was right and whose body is JSON.
pub(crate) struct Call<'a> {
    pub(crate) options: &'a Options,
    pub(crate) caller: Caller,
    /// The variable part of the path, if it has one.
    pub(crate) parameter: Option<&'a str>,
    pub(crate) query: Query,
    /// `null` where the method has no body.
    pub(crate) body: Value,
}

impl Call<'_> {
    /// The number in the path; anything else there is a path that does not exist.
    pub(crate) fn id(&self) -> Result<u64, Refusal> {
        self.parameter.and_then(|it| it.parse().ok()).ok_or_else(Refusal::route)
    }

    pub(crate) fn missing(&self, what: &str) -> Refusal {
        Refusal::missing(self.options, what)
    }

    /// Whether an object of this account is the caller's to see.
    pub(crate) fn sees(&self, account_id: u64) -> bool {
        self.caller.account_id == account_id
    }
}
