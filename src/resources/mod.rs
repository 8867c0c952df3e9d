//! The objects of CertCentral, one file each: model, life, oddities of the wire, tests.

pub mod subaccount;
pub mod user;
