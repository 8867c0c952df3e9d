//! Subaccounts: `POST /account` and `/account/subaccount`.
//!
//! <https://dev.digicert.com/certcentral-apis/services-api/subaccount/create-subaccount.html>

mod show;

use axum::http::StatusCode;
use serde_json::Value;

use super::organizations::organization;
use crate::call::Call;
use crate::options::SubaccountListKey;
use crate::query::page;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::{Checked, Field, Kind, UNLIMITED, check, optional, required};
use crate::world::{Container, MailKind, Subaccount, User, World};

const TYPES: &[&str] = &["retail", "enterprise", "reseller", "managed"];

/// Value that a subaccount inherits from the parent by default.
const PLAN_YEARS: u64 = 3;

/// Name of the key of a managed subaccount. The response to its creation does not have it.
const FIRST_KEY: &str = "Managed subaccount";

const CREATE: &[Field] = &[
    required("account_type", Kind::OneOf(TYPES)),
    required("allowed_grandchildren", Kind::SomeOf(TYPES)),
    optional("account_manager_user_id", Kind::Id),
    optional("bill_parent", Kind::Flag),
    optional("enforce_bill_parent", Kind::Flag),
    optional("child_name", Kind::Text(64)),
    optional("max_allowed_multi_year_plan_length", Kind::Number(1, 6)),
    optional("allow_parent_order_renewal", Kind::Flag),
    optional("enable_ica_selection", Kind::Flag),
    required("user", Kind::Object(USER)),
    required("organization", Kind::Object(ORGANIZATION)),
];

const USER: &[Field] = &[
    required("first_name", Kind::Text(128)),
    required("last_name", Kind::Text(128)),
    required("email", Kind::Email),
    optional("username", Kind::Username),
    optional("job_title", Kind::Text(64)),
    optional("telephone", Kind::Text(64)),
    optional("disable_renewal_notifications", Kind::Flag),
];

const ORGANIZATION: &[Field] = &[
    required("name", Kind::Text(UNLIMITED)),
    required("address", Kind::Text(UNLIMITED)),
    required("zip", Kind::Text(UNLIMITED)),
    required("city", Kind::Text(UNLIMITED)),
    required("state", Kind::Text(UNLIMITED)),
    required("country", Kind::Text(UNLIMITED)),
    optional("assumed_name", Kind::Text(UNLIMITED)),
    optional("address2", Kind::Text(UNLIMITED)),
    optional("telephone", Kind::Text(UNLIMITED)),
];

const UPDATE: &[Field] = &[
    optional("account_manager_user_id", Kind::Id),
    optional("bill_parent", Kind::Flag),
    optional("child_name", Kind::Text(64)),
    optional("allow_parent_order_renewal", Kind::Flag),
    optional("allow_removing_account_manager", Kind::Flag),
];

/// Opens a subaccount with its first user, organization and container. A managed one gets a key.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    if !call.options.subaccounts_enabled {
        return Err(Refusal::no_subaccounts());
    }
    let body = check(CREATE, &call.body)?;
    check_manager(world, call, body)?;
    let id = world.next_id();
    let parts = (body.object("organization"), body.object("user"));
    // The table requires both.
    let (Some(organization), Some(user)) = parts else { return Err(Refusal::bad_format()) };
    let container_id = add_container(world, id, organization);
    let organization_id = add_organization(world, id, container_id, organization);
    let user_id = add_user(world, id, container_id, user);
    world.subaccounts.insert(
        id,
        Subaccount {
            id,
            parent_account_id: call.caller.account_id,
            account_type: body.required_text("account_type"),
            allowed_grandchildren: body.texts("allowed_grandchildren"),
            account_manager_user_id: body.number("account_manager_user_id"),
            bill_parent: body.flag("bill_parent").unwrap_or(false),
            enforce_bill_parent: body.flag("enforce_bill_parent").unwrap_or(false),
            child_name: body.text("child_name"),
            max_allowed_multi_year_plan_length: body
                .number("max_allowed_multi_year_plan_length")
                .unwrap_or(PLAN_YEARS),
            allow_parent_order_renewal: body.flag("allow_parent_order_renewal").unwrap_or(false),
            enable_ica_selection: body.flag("enable_ica_selection").unwrap_or(false),
            user_id,
            organization_id,
            date_created: world.now(),
        },
    );
    let api_key = (world.subaccounts[&id].account_type == "managed")
        .then(|| world.issue_key(user_id, FIRST_KEY).1);
    let status =
        if call.options.subaccount_created_with_ok { StatusCode::OK } else { StatusCode::CREATED };
    Ok(Reply { status, body: Some(show::created(world, &world.subaccounts[&id], api_key)) })
}

/// Lists the subaccounts; `filters[search]` searches the name of the organization.
pub(super) fn list(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow_list(&["filters[search]"])?;
    let mine = world.subaccounts.values().filter(|it| call.sees(it.parent_account_id));
    let rows: Vec<Value> = mine
        .map(|it| show::row(world, call.options, it))
        .filter(|row| {
            let name = row["organization_name"].as_str().unwrap_or_default();
            call.query.fits("filters[search]", &[name])
        })
        .collect();
    let key = match call.options.subaccount_list_key {
        SubaccountListKey::Subaccounts => "subaccounts",
        SubaccountListKey::ChildAccounts => "child_accounts",
    };
    page(call, key, rows, |row| row, show::COLUMNS)
}

/// Returns a subaccount.
pub(super) fn read(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    Ok(Reply::ok(show::info(world, call.options, &world.subaccounts[&id])))
}

/// Changes the four fields that can be changed.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    let body = check(UPDATE, &call.body)?;
    check_manager(world, call, body)?;
    let Some(subaccount) = world.subaccounts.get_mut(&id) else {
        return Err(call.missing("account"));
    };
    let manager = body.number("account_manager_user_id");
    if manager.is_some() || body.flag("allow_removing_account_manager") == Some(true) {
        subaccount.account_manager_user_id = manager;
    }
    if let Some(bill_parent) = body.flag("bill_parent") {
        subaccount.bill_parent = bill_parent;
    }
    if let Some(allow) = body.flag("allow_parent_order_renewal") {
        subaccount.allow_parent_order_renewal = allow;
    }
    if let Some(child_name) = body.text("child_name") {
        subaccount.child_name = Some(child_name);
    }
    Ok(Reply::no_content())
}

/// The subaccount of the caller with the ID in the path.
fn find(world: &World, call: &Call<'_>) -> Result<u64, Refusal> {
    let id = call.id()?;
    let found = world.subaccounts.get(&id).filter(|it| call.sees(it.parent_account_id));
    found.map(|it| it.id).ok_or_else(|| call.missing("account"))
}

/// The account manager must be a user of the parent.
fn check_manager(world: &World, call: &Call<'_>, body: Checked<'_>) -> Result<(), Refusal> {
    let Some(id) = body.number("account_manager_user_id") else { return Ok(()) };
    if world.users.get(&id).is_some_and(|it| call.sees(it.account_id)) {
        return Ok(());
    }
    Err(Refusal::invalid_field("account_manager_user_id", "must be a user of this account"))
}

fn add_container(world: &mut World, account_id: u64, organization: Checked<'_>) -> u64 {
    let id = world.next_id();
    let name = organization.required_text("name");
    world.containers.insert(id, Container::new(id, account_id, 0, &name));
    id
}

fn add_organization(world: &mut World, account_id: u64, container_id: u64, it: Checked<'_>) -> u64 {
    let id = world.next_id();
    world.organizations.insert(id, organization(id, account_id, container_id, it));
    id
}

fn add_user(world: &mut World, account_id: u64, container_id: u64, it: Checked<'_>) -> u64 {
    let id = world.next_id();
    let email = it.required_text("email");
    world.mail(&email, MailKind::SubaccountCreated);
    let user = User {
        id,
        account_id,
        username: it.text("username").unwrap_or_else(|| email.clone()),
        first_name: it.required_text("first_name"),
        last_name: it.required_text("last_name"),
        email,
        job_title: it.text("job_title"),
        telephone: it.text("telephone"),
        status: "active".into(),
        container_id,
        access_role_id: 1,
        container_assignments: Vec::new(),
        is_saml_sso_only: false,
        is_api_only: false,
        disable_renewal_notifications: it.flag("disable_renewal_notifications").unwrap_or(false),
    };
    world.users.insert(id, user);
    id
}
