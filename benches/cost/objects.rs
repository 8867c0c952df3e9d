//! Objects of the benchmarks: in the simulator, in a state, and in a configuration.

use certcentral_sim::{Container, Options, Organization, Sim, Subaccount, User};
use serde_json::{Value, json};
use terraform_provider_digicert::kind::AnyResource;
use terraform_provider_digicert::protocol;
use terraform_provider_digicert::resources::RESOURCES;
use terraform_provider_digicert::schema;

use crate::process::tfplugin5 as wire;

/// An object that exists in the simulator and in a state.
#[derive(Clone)]
pub(crate) struct Object {
    pub(crate) type_name: &'static str,
    pub(crate) id: u64,
    pub(crate) state: Value,
    pub(crate) config: Value,
}

/// Inserts an object with this index into the simulator.
pub(crate) type Make = fn(&Sim, usize) -> Object;

/// A simulator with the settings that all measurements share.
pub(crate) fn simulator() -> Sim {
    Sim::start(Options::default()).expect("loopback has a port")
}

/// A typical user.
pub(crate) fn user(sim: &Sim, number: usize) -> Object {
    user_limited_to(sim, number, 0)
}

/// A user who is limited to this number of containers.
pub(crate) fn user_limited_to(sim: &Sim, number: usize, containers: u64) -> Object {
    let config = json!({
        "username": format!("user{number}@example.com"),
        "first_name": format!("First{number}"),
        "last_name": format!("Last{number}"),
        "email": format!("user{number}@example.com"),
        "job_title": "Engineer",
        "telephone": "555-0100",
        "access_role_id": "5",
    });
    let text = |name: &str| config[name].as_str().unwrap_or_default().to_owned();
    let (account_id, container_id) = (sim.account_id(), 1001);
    let (id, limits) = sim.with(|world| {
        let mut limits = Vec::new();
        for _ in 0..containers {
            let id = world.next_id();
            let name = format!("Division {id}");
            let container = Container::new(id, account_id, container_id, &name);
            world.containers.insert(id, container);
            limits.push(id);
        }
        let id = world.next_id();
        let user = User {
            id,
            account_id,
            username: text("username"),
            first_name: text("first_name"),
            last_name: text("last_name"),
            email: text("email"),
            job_title: Some(text("job_title")),
            telephone: Some(text("telephone")),
            status: "active".into(),
            container_id,
            access_role_id: 5,
            container_assignments: limits.clone(),
            is_saml_sso_only: false,
            is_api_only: false,
            disable_renewal_notifications: false,
        };
        world.users.insert(id, user);
        (id, limits)
    });
    let limits = limits.iter().map(u64::to_string).collect::<Vec<_>>();
    let mut state = config.clone();
    state["id"] = id.to_string().into();
    state["status"] = "active".into();
    state["type"] = "standard".into();
    state["account_id"] = account_id.to_string().into();
    state["container_id"] = container_id.to_string().into();
    state["container_id_assignments"] = if limits.is_empty() { Value::Null } else { limits.into() };
    Object { type_name: "digicert_user", id, state, config }
}

/// A managed subaccount whose one-time key is in the state.
pub(crate) fn subaccount(sim: &Sim, number: usize) -> Object {
    let person = user(sim, number);
    let parent_account_id = sim.account_id();
    let (id, account, place) = sim.with(|world| {
        let (id, organization_id) = (world.next_id(), world.next_id());
        let organization = Organization {
            id: organization_id,
            account_id: id,
            name: format!("Customer {number}"),
            ..world.organizations[&300_001].clone()
        };
        let account = Subaccount {
            id,
            parent_account_id,
            account_type: "managed".into(),
            allowed_grandchildren: Vec::new(),
            account_manager_user_id: None,
            bill_parent: true,
            enforce_bill_parent: false,
            child_name: Some(format!("customer-{number}")),
            max_allowed_multi_year_plan_length: 3,
            allow_parent_order_renewal: false,
            enable_ica_selection: false,
            user_id: person.id,
            organization_id,
            date_created: world.now(),
        };
        world.subaccounts.insert(id, account.clone());
        world.organizations.insert(organization_id, organization.clone());
        (id, account, organization)
    });
    let config = json!({
        "account_type": account.account_type,
        "allowed_grandchildren": [],
        "child_name": account.child_name,
        "user": {
            "first_name": person.config["first_name"],
            "last_name": person.config["last_name"],
            "email": person.config["email"],
        },
        "organization": {
            "name": place.name, "address": place.address, "zip": place.zip, "city": place.city,
            "state": place.state, "country": place.country, "telephone": place.telephone,
        },
    });
    let mut state = config.clone();
    state["id"] = id.to_string().into();
    state["api_key"] = key(number).into();
    Object { type_name: "digicert_subaccount", id, state, config }
}

/// A key with the length of CertCentral's and a distinct prefix.
pub(crate) fn key(number: usize) -> String {
    format!("{:016X}{number:048X}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// The resource of that type, for its types and its codec.
pub(crate) fn resource(type_name: &str) -> &'static dyn AnyResource {
    let found = RESOURCES.iter().find(|resource| resource.type_name() == type_name);
    &**found.expect("the provider has it")
}

impl Object {
    /// The stored state, as Terraform reads it from its file.
    pub(crate) fn stored(&self) -> wire::RawState {
        wire::RawState { json: self.state.to_string().into_bytes(), ..wire::RawState::default() }
    }

    /// The configuration as Terraform sends it.
    pub(crate) fn configured(&self) -> wire::DynamicValue {
        self.message(&self.config)
    }

    /// These attributes as Terraform sends them.
    pub(crate) fn message(&self, attributes: &Value) -> wire::DynamicValue {
        let msgpack = protocol::msgpack::encode(&self.value(attributes));
        wire::DynamicValue { msgpack, json: Vec::new() }
    }

    /// These attributes as a value of the resource's type.
    pub(crate) fn value(&self, attributes: &Value) -> schema::Value {
        let of = resource(self.type_name).block().object_type();
        let value = protocol::json::decode(of, attributes.to_string().as_bytes());
        value.unwrap_or_else(|error| panic!("{}: {error}", self.type_name))
    }
}
