//! The state of the simulator: one lock around data, faults and recorded requests.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::Query as Parameters;
use axum::http::{Method, Uri};
use serde::Serialize;
use serde_json::Value;

use crate::call::{Call, Endpoint};
use crate::fault::{Faults, Strike};
use crate::options::Options;
use crate::permissions::allows;
use crate::query::Query;
use crate::reply::{Outcome, Refusal, Reply, shape};
use crate::world::{Caller, World};

/// A request as it was received, and its response status.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recorded {
    /// The method.
    pub method: String,
    /// The path without `/services/v2`.
    pub path: String,
    /// The query string.
    pub query: String,
    /// The body: JSON, a string if it is not JSON, `null` if there is none.
    pub body: Value,
    /// The status that was sent; 0 if no response has been sent.
    pub status: u16,
    /// The header `User-Agent`.
    pub user_agent: String,
    /// Whether a write was performed, independently of the response.
    pub effect: bool,
}

/// A received request.
#[derive(Clone)]
pub(crate) struct Incoming {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) parameter: Option<String>,
    pub(crate) key: String,
    pub(crate) user_agent: String,
    pub(crate) content_type: String,
    pub(crate) body: Bytes,
}

pub(crate) struct Server {
    pub(crate) options: Options,
    state: Mutex<State>,
}

pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) faults: Faults,
    /// By order of arrival.
    pub(crate) record: BTreeMap<u64, Recorded>,
    arrived: u64,
    /// When the requests of each key that still count against its limit came.
    windows: BTreeMap<String, VecDeque<Instant>>,
}

impl Server {
    pub(crate) fn new(options: Options, api_key: String) -> Self {
        let state = State {
            world: World::new(api_key),
            faults: Faults::default(),
            record: BTreeMap::new(),
            arrived: 0,
            windows: BTreeMap::new(),
        };
        Self { options, state: Mutex::new(state) }
    }

    /// The state. A test that panics while it holds the lock does not break the simulator.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a request, and returns its number in order of arrival and its fault.
    pub(crate) fn arrive(&self, incoming: &Incoming) -> (u64, Option<Strike>) {
        let mut state = self.state();
        state.arrived += 1;
        let number = state.arrived;
        state.record.insert(number, incoming.recorded());
        let strike = state.faults.strike(incoming.method.as_str(), &incoming.path);
        (number, strike)
    }

    /// Handles a request. Without `effect` the data is unchanged, and the reply is the same.
    pub(crate) fn answer(
        &self,
        number: u64,
        incoming: &Incoming,
        endpoint: Endpoint,
        effect: bool,
    ) -> Reply {
        let mut state = self.state();
        let outcome = if effect {
            state.carry_out(&self.options, incoming, endpoint)
        } else {
            let before = state.world.clone();
            let outcome = state.carry_out(&self.options, incoming, endpoint);
            state.world = before;
            outcome
        };
        let mut reply = outcome.unwrap_or_else(Reply::from);
        let wrote = effect && incoming.method != Method::GET && reply.status.is_success();
        if let Some(recorded) = state.record.get_mut(&number) {
            recorded.effect = wrote;
        }
        if let Some(body) = &mut reply.body {
            shape(body, &self.options);
        }
        reply
    }

    /// Notes the status that is about to be sent.
    pub(crate) fn sent(&self, number: u64, status: u16) {
        if let Some(recorded) = self.state().record.get_mut(&number) {
            recorded.status = status;
        }
    }
}

impl State {
    fn carry_out(&mut self, options: &Options, incoming: &Incoming, endpoint: Endpoint) -> Outcome {
        let caller = self.caller(options, incoming)?;
        self.count(options, &incoming.key)?;
        let call = Call {
            options,
            caller,
            parameter: incoming.parameter.as_deref(),
            query: incoming.parameters(),
            body: incoming.json()?,
        };
        endpoint(&mut self.world, &call)
    }

    /// The owner of the key, which is used now and may be restricted to some requests.
    fn caller(&mut self, options: &Options, incoming: &Incoming) -> Result<Caller, Refusal> {
        let now = self.world.now();
        let key = self.world.active_key(&incoming.key).ok_or_else(Refusal::invalid_key)?;
        key.last_used_date = Some(now);
        let caller = Caller { account_id: key.account_id, user_id: key.user_id };
        let role = key.restricted_to_role_id.filter(|_| options.key_restrictions_enforced);
        match role {
            Some(role) if !allows(role, &incoming.method, &incoming.path) => {
                Err(Refusal::missing_permission("The API key is restricted to other requests."))
            }
            _ => Ok(caller),
        }
    }

    fn count(&mut self, options: &Options, key: &str) -> Result<(), Refusal> {
        let Some(limit) = options.rate_limit else { return Ok(()) };
        let now = Instant::now();
        let window = self.windows.entry(key.to_owned()).or_default();
        while window.front().is_some_and(|it| now.duration_since(*it) >= limit.window) {
            window.pop_front();
        }
        if window.len() >= limit.requests {
            return Err(Refusal::too_many());
        }
        window.push_back(now);
        Ok(())
    }
}

impl Incoming {
    fn recorded(&self) -> Recorded {
        let text = || Value::from(String::from_utf8_lossy(&self.body).into_owned());
        let body = match &*self.body {
            [] => Value::Null,
            bytes => serde_json::from_slice(bytes).unwrap_or_else(|_| text()),
        };
        Recorded {
            method: self.method.to_string(),
            path: self.path.clone(),
            query: self.query.clone(),
            body,
            status: 0,
            user_agent: self.user_agent.clone(),
            effect: false,
        }
    }

    fn parameters(&self) -> Query {
        let uri = format!("/?{}", self.query).parse::<Uri>().unwrap_or_default();
        Query(Parameters::try_from_uri(&uri).map(|it| it.0).unwrap_or_default())
    }

    /// The body of a POST or PUT: none, or JSON with the matching `Content-Type`.
    fn json(&self) -> Result<Value, Refusal> {
        let may_have_body = self.method == Method::POST || self.method == Method::PUT;
        if !may_have_body || self.body.is_empty() {
            return Ok(Value::Null);
        }
        let media_type = self.content_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::bad_format());
        }
        serde_json::from_slice(&self.body).map_err(|_| Refusal::bad_format())
    }
}
