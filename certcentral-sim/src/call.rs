//! The input of an endpoint.

use serde_json::Value;

use crate::options::Options;
use crate::query::Query;
use crate::reply::{Outcome, Refusal};
use crate::rules::check;
use crate::world::{Caller, World};

/// Handles a call. Changes the data unless it returns a refusal.
pub(crate) type Endpoint = fn(&mut World, &Call<'_>) -> Outcome;

/// A request with a valid key and a JSON body.
pub(crate) struct Call<'a> {
    pub(crate) options: &'a Options,
    pub(crate) caller: Caller,
    /// The variable part of the path, if it has one.
    pub(crate) parameter: Option<&'a str>,
    pub(crate) query: Query,
    /// `null` where there is none.
    pub(crate) body: Value,
}

impl Call<'_> {
    /// The ID in the path. Anything else is an unknown path.
    pub(crate) fn id(&self) -> Result<u64, Refusal> {
        self.parameter.and_then(|it| it.parse().ok()).ok_or_else(Refusal::route)
    }

    /// Refuses a body with fields where the request has none.
    pub(crate) fn check_no_body(&self) -> Result<(), Refusal> {
        if self.body.is_null() { Ok(()) } else { check(&[], &self.body).map(drop) }
    }

    pub(crate) fn missing(&self, what: &str) -> Refusal {
        Refusal::missing(self.options, what)
    }

    /// Whether the caller may read objects of this account.
    pub(crate) fn sees(&self, account_id: u64) -> bool {
        self.caller.account_id == account_id
    }
}
