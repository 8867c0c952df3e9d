//! A Terraform provider for DigiCert CertCentral.

pub mod plugin;
pub mod protocol;
pub mod secret;
