//! `GET /account`.
//!
//! <https://dev.digicert.com/certcentral-apis/services-api/account/account-details.html>

use serde_json::{Value, json};

use crate::call::Call;
use crate::reply::{Outcome, Reply};
use crate::world::World;

/// Returns the account the API key belongs to, which may be a subaccount.
pub(super) fn read(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let account_id = call.caller.account_id;
    let subaccount = world.subaccounts.get(&account_id);
    let account = &world.account;
    let mut shown = json!({
        "id": account_id,
        "make_renewal_calls": true,
        "express_install_enabled": false,
        "admin_email": account.admin_email.as_ref().filter(|_| subaccount.is_none()),
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
