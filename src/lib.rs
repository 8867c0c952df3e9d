//! A Terraform provider for DigiCert CertCentral.

pub mod certcentral;
pub mod plugin;
pub mod protocol;
pub mod provider;
pub mod recovery;
pub mod resource;
pub mod resources;
pub mod schema;
pub mod secret;
