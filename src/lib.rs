//! A Terraform provider for DigiCert CertCentral.

pub mod protocol;
pub mod schema;
pub mod secret;
