//! The endpoints of the API, one file for each kind of object.

mod account;
mod containers;
mod custom_fields;
mod invites;
mod keys;
mod organizations;
mod settings;
mod subaccounts;
mod users;
mod webhooks;

use axum::Router;
use axum::routing::{get, post, put};

use crate::call::Call;
use crate::exchange::{Shared, exchange};
use crate::reply::{Outcome, Refusal};
use crate::world::World;

/// Every path of the API.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route(
            "/account",
            get(exchange(account::read))
                .post(exchange(subaccounts::create))
                .put(exchange(account::update)),
        )
        .route(
            "/account/metadata",
            get(exchange(custom_fields::list)).post(exchange(custom_fields::create)),
        )
        .route(
            "/account/metadata/{id}",
            put(exchange(custom_fields::update)).delete(exchange(custom_fields::delete)),
        )
        .route("/account/settings", put(exchange(settings::update)))
        .route("/account/subaccount", get(exchange(subaccounts::list)))
        .route(
            "/account/subaccount/{id}",
            get(exchange(subaccounts::read)).put(exchange(subaccounts::update)),
        )
        .route(
            "/account/subaccount/invite",
            get(exchange(invites::list)).post(exchange(invites::create)),
        )
        .route("/account/subaccount/invite/{id}/status", put(exchange(invites::update_status)))
        .route("/user", get(exchange(users::list)).post(exchange(users::create)))
        .route("/user/me", get(exchange(users::read_me)))
        .route("/user/api-only", get(exchange(users::list_api_only)))
        .route("/service-user", get(exchange(users::list_service_user)))
        .route("/user/availability/{username}", get(exchange(users::availability)))
        .route(
            "/user/{id}",
            get(exchange(users::read)).put(exchange(users::update)).delete(exchange(users::delete)),
        )
        .route("/user/{id}/role", put(exchange(users::update_role)))
        .route(
            "/user/{id}/container-assignments",
            put(exchange(users::update_container_assignments)),
        )
        .route("/key", get(exchange(keys::list)))
        .route("/key/user/{id}", post(exchange(keys::create)))
        .route("/key/{id}", get(exchange(keys::read)).put(exchange(keys::update)))
        .route("/key/{id}/status", put(exchange(keys::update_status)))
        .route("/container", get(exchange(containers::list)))
        .route("/container/{id}", get(exchange(containers::read)).put(exchange(containers::update)))
        .route(
            "/container/{id}/children",
            get(exchange(containers::children)).post(exchange(containers::create)),
        )
        .route("/container/{id}/deactivate", put(exchange(containers::deactivate)))
        .route("/container/{id}/activate", put(exchange(containers::activate)))
        .route("/container/{id}/active", put(exchange(containers::active)))
        .route("/container/{id}/user-assignments", put(exchange(containers::update_users)))
        .route(
            "/container/{id}/organization-assignments",
            put(exchange(containers::update_organizations)),
        )
        .route("/container/{id}/allowed-domain-names", put(exchange(containers::update_domains)))
        .route("/container/{id}/role", get(exchange(containers::roles)))
        .route("/container/{id}/template", get(exchange(containers::templates)))
        .route(
            "/organization",
            get(exchange(organizations::list)).post(exchange(organizations::create)),
        )
        .route(
            "/organization/{id}",
            get(exchange(organizations::read)).delete(exchange(organizations::delete)),
        )
        .route(
            "/organization/{id}/validation",
            get(exchange(organizations::read_validations))
                .post(exchange(organizations::submit_validations)),
        )
        .route("/organization/{id}/contact", put(exchange(organizations::update_contacts)))
        .route("/webhook", get(exchange(webhooks::list)).post(exchange(webhooks::create)))
        .route("/webhook/{id}", put(exchange(webhooks::update)))
        .route("/webhook/{id}/send-challenge", put(exchange(webhooks::send_challenge)))
        .route("/webhook/{id}/check-challenge", put(exchange(webhooks::check_challenge)))
        .route("/webhook/{id}/activate", put(exchange(webhooks::activate)))
        .route("/webhook/{id}/deactivate", put(exchange(webhooks::deactivate)))
        .fallback(exchange(unknown))
        .method_not_allowed_fallback(exchange(unknown))
}

/// The response to unknown paths and methods.
fn unknown(_world: &mut World, _call: &Call<'_>) -> Outcome {
    Err(Refusal::route())
}
