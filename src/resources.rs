//! The resources, one file each: model, life cycle, encoding and unit tests.

pub mod account_settings;
mod creation;
pub mod division;
mod list_row;
pub mod organization;
pub mod organization_contacts;
pub mod subaccount;
pub mod subaccount_invite;
pub mod user;

use crate::kind::{AnyResource, Kind};

/// All resources.
pub static RESOURCES: &[&dyn AnyResource] = &[
    Kind::<account_settings::AccountSettings>::REF,
    Kind::<division::Division>::REF,
    Kind::<organization::Organization>::REF,
    Kind::<organization_contacts::OrganizationContacts>::REF,
    Kind::<subaccount::Subaccount>::REF,
    Kind::<subaccount_invite::SubaccountInvite>::REF,
    Kind::<user::User>::REF,
];
