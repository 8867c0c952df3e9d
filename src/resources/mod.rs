//! The objects of CertCentral, one file each: model, life, oddities of the wire, tests.

pub mod account_settings;
pub mod organization_contacts;
pub mod subaccount;
