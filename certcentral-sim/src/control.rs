//! The control requests under `/_sim/`, for users of the binary.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::exchange::Shared;
use crate::fault::Fault;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_sim/fault", post(fault))
        .route("/_sim/faults", delete(clear_faults))
        .route("/_sim/requests", get(requests))
        .route("/_sim/world", get(world))
        .route("/_sim/clock", post(clock))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    #[serde(deserialize_with = "crate::clock::duration")]
    advance: Duration,
}

async fn fault(State(server): State<Shared>, body: Bytes) -> Response {
    done(parse::<Fault>(&body).map(|fault| server.state().faults.arm(fault)))
}

async fn clear_faults(State(server): State<Shared>) -> StatusCode {
    server.state().faults.clear();
    StatusCode::NO_CONTENT
}

async fn requests(State(server): State<Shared>) -> Response {
    json(&server.state().record.values().collect::<Vec<_>>())
}

async fn world(State(server): State<Shared>) -> Response {
    json(&server.state().world)
}

async fn clock(State(server): State<Shared>, body: Bytes) -> Response {
    done(parse::<Advance>(&body).map(|it| server.state().world.advance(it.advance)))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn done(result: Result<(), String>) -> Response {
    match result {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, error + "\n").into_response(),
    }
}

fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec_pretty(value) {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
