//! Terraform core, as far as a provider meets it: processes, plans, applies, and what becomes of the state.
//!
//! `value` has what core computes with values, `plugin` the calls of the provider, `process` the life of its process.
//! `plan` and `apply` are the two walks of a run, after `internal/terraform/node_resource_abstract_instance.go`, and
//! `state` is what is stored between runs.

mod apply;
mod plan;
mod plugin;
mod process;
mod state;
mod value;

pub(crate) use apply::{Progress, apply};
pub(crate) use plan::{By, Import, Order, Plan, plan};
pub(crate) use plugin::{Answered, Said, resource};
pub(crate) use process::{Ended, Process};
pub(crate) use state::{Address, Config, Object, Resource, State};
pub(crate) use value::{to_json, without_sensitive};
