//! Terraform's plugin protocol 5.

pub mod tfplugin5;
