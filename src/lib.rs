//! A Terraform provider for DigiCert CertCentral.

pub mod certcentral;
pub mod secret;
