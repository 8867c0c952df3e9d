//! Terraform's plugin protocol 5.

pub mod service;
pub mod tfplugin5;
