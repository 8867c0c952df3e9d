//! A Terraform provider for DigiCert CertCentral.

pub mod schema;
pub mod secret;
