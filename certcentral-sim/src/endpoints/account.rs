//! `/account`: the account the API key belongs to, which may be a subaccount.
//!
//! <https://dev.digicert.com/certcentral-apis/services-api/account/account-details.html>,
//! <https://dev.digicert.com/en/certcentral-apis/services-api/account/update-account-emails.html>

use serde_json::{Value, json};

use crate::call::Call;
use crate::options::Options;
use crate::permissions::check_administrator;
use crate::reply::{Outcome, Reply};
use crate::rules::{Field, Kind, UNLIMITED, check, optional, required};
use crate::world::World;

const ADMIN: &str = "admin_email";

const EMERGENCY: &str = "emergency_emails";

/// Returns the account, without its `emergency_emails`.
pub(super) fn read(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let account_id = call.caller.account_id;
    let subaccount = world.subaccounts.get(&account_id);
    let account = &world.account;
    let admin_email = match subaccount {
        None => account.admin_email.as_ref(),
        Some(it) => world.subaccount_emails.get(&it.id).and_then(|it| it.admin_email.as_ref()),
    };
    let mut shown = json!({
        "id": account_id,
        "make_renewal_calls": true,
        "express_install_enabled": false,
        "admin_email": admin_email,
        "display_rep": true,
        "balance_negative_limit": 0,
        "cert_transparency": "embed",
        "cert_central_type": subaccount.map_or(&account.cert_central_type, |it| &it.account_type),
        "is_reseller_customer": subaccount.map(|_| account.cert_central_type == "reseller"),
    });
    let more =
        call.options.account_has_undocumented_fields.then(|| undocumented(world, account_id));
    if let (Value::Object(shown), Some(Value::Object(more))) = (&mut shown, more) {
        shown.extend(more);
    }
    Ok(Reply::ok(shown))
}

/// Replaces the e-mail addresses in the request.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    check_administrator(world, call)?;
    let body = check(&fields(call.options), &call.body)?;
    let clears = call.options.omitted_account_email_clears;
    let replace = |slot: &mut Option<String>, name: &str| match body.text(name) {
        Some(text) => *slot = Some(text).filter(|it| !it.is_empty()),
        None if clears => *slot = None,
        None => {}
    };
    if world.subaccounts.contains_key(&call.caller.account_id) {
        let emails = world.subaccount_emails.entry(call.caller.account_id).or_default();
        replace(&mut emails.admin_email, ADMIN);
        replace(&mut emails.emergency_emails, EMERGENCY);
    } else {
        replace(&mut world.account.admin_email, ADMIN);
        replace(&mut world.account.emergency_emails, EMERGENCY);
    }
    Ok(Reply::no_content())
}

fn fields(options: &Options) -> [Field; 2] {
    let may_be_empty = options.empty_account_email_accepted;
    let kind = |limit| Kind::EmailList { limit, may_be_empty };
    let admin = if options.admin_email_required { required } else { optional };
    [admin(ADMIN, kind(255)), optional(EMERGENCY, kind(UNLIMITED))]
}

/// Fields that CertCentral returned in a recorded response.
fn undocumented(world: &World, account_id: u64) -> Value {
    let account = &world.account;
    let organization = world.first_organization(account_id);
    let subaccount = world.subaccounts.get(&account_id);
    let (billed, billed_name) = match (subaccount, organization) {
        (Some(it), Some(own)) if !it.bill_parent => (it.id, &own.name),
        _ => (account.id, &account.name),
    };
    json!({
        "root_container_id": world.root_container(account_id).map(|it| it.id),
        "primary_organization_id": organization.map(|it| it.id),
        "primary_organization_name": organization.map(|it| &it.name),
        "billing_account_id": billed,
        "billing_account_name": billed_name,
    })
}
