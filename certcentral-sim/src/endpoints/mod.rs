//! The endpoints of the API, one file for each kind of object.

mod account;
mod subaccounts;

use axum::Router;
use axum::routing::get;

use crate::call::Call;
use crate::exchange::{Shared, exchange};
use crate::reply::{Outcome, Refusal};
use crate::world::World;

/// Every path of the API.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/account", get(exchange(account::read)).post(exchange(subaccounts::create)))
        .route("/account/subaccount", get(exchange(subaccounts::list)))
        .route(
            "/account/subaccount/{id}",
            get(exchange(subaccounts::read)).put(exchange(subaccounts::update)),
        )
        .fallback(exchange(unknown))
        .method_not_allowed_fallback(exchange(unknown))
}

/// A path, or a method of a path, that the API does not have.
fn unknown(_world: &mut World, _call: &Call<'_>) -> Outcome {
    Err(Refusal::route())
}
