//! The objects of CertCentral, one file each: model, life, oddities of the wire, tests.

pub mod account_settings;
pub mod organization_contacts;
pub mod subaccount;
pub mod subaccount_invite;
pub mod user;

use std::sync::LazyLock;

use crate::resource::{AnyResource, Erased};

/// Every resource, by a line each.
pub static RESOURCES: LazyLock<Vec<Box<dyn AnyResource>>> = LazyLock::new(|| {
    vec![
        Box::new(Erased::<account_settings::AccountSettings>::new()),
        Box::new(Erased::<organization_contacts::OrganizationContacts>::new()),
        Box::new(Erased::<subaccount::Subaccount>::new()),
        Box::new(Erased::<subaccount_invite::SubaccountInvite>::new()),
        Box::new(Erased::<user::User>::new()),
    ]
});
