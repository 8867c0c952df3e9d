//! A Terraform provider for DigiCert CertCentral.

pub mod secret;
