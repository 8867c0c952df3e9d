//! The objects of CertCentral, one file each: model, life, oddities of the wire, tests.

pub mod account_settings;
pub mod organization_contacts;
pub mod subaccount;
pub mod subaccount_invite;
pub mod user;

use crate::kind::{AnyResource, Kind, Registry};

/// Everything this provider serves.
pub static REGISTRY: Registry = Registry { resources: RESOURCES, data_sources: &[], lists: &[] };

/// Every resource, by a line each.
pub static RESOURCES: &[&dyn AnyResource] = &[
    Kind::<account_settings::AccountSettings>::REF,
    Kind::<organization_contacts::OrganizationContacts>::REF,
    Kind::<subaccount::Subaccount>::REF,
    Kind::<subaccount_invite::SubaccountInvite>::REF,
    Kind::<user::User>::REF,
];
