//! The resources, one file each: model, life cycle, encoding and unit tests.

pub mod account_emails;
pub mod account_settings;
pub mod api_key;
mod creation;
pub mod custom_field;
pub mod division;
mod import;
mod list_row;
pub mod organization;
pub mod organization_contacts;
mod posted;
pub mod service_user;
mod singleton;
pub mod subaccount;
pub mod subaccount_invite;
pub mod user;
pub mod webhook;

use crate::kind::{AnyResource, Kind};

/// All resources.
pub static RESOURCES: &[&dyn AnyResource] = &[
    Kind::<account_emails::AccountEmails>::REF,
    Kind::<account_settings::AccountSettings>::REF,
    Kind::<api_key::ApiKey>::REF,
    Kind::<custom_field::CustomField>::REF,
    Kind::<division::Division>::REF,
    Kind::<organization::Organization>::REF,
    Kind::<organization_contacts::OrganizationContacts>::REF,
    Kind::<service_user::ServiceUser>::REF,
    Kind::<subaccount::Subaccount>::REF,
    Kind::<subaccount_invite::SubaccountInvite>::REF,
    Kind::<user::User>::REF,
    Kind::<webhook::Webhook>::REF,
];
