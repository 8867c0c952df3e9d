//! The resources, one file each: model, life cycle, encoding and unit tests.

pub mod account_settings;
pub mod api_key;
pub mod organization_contacts;
pub mod service_user;
pub mod subaccount;
pub mod subaccount_invite;
pub mod user;

use crate::kind::{AnyResource, Kind};

/// All resources.
pub static RESOURCES: &[&dyn AnyResource] = &[
    Kind::<account_settings::AccountSettings>::REF,
    Kind::<api_key::ApiKey>::REF,
    Kind::<organization_contacts::OrganizationContacts>::REF,
    Kind::<service_user::ServiceUser>::REF,
    Kind::<subaccount::Subaccount>::REF,
    Kind::<subaccount_invite::SubaccountInvite>::REF,
    Kind::<user::User>::REF,
];
