//! What the provider serves.

use crate::data_sources::{DATA_SOURCES, LISTS};
use crate::kind::Registry;
use crate::resources::RESOURCES;

/// The resources, data sources and list resources of the provider.
pub(super) static REGISTRY: Registry =
    Registry { resources: RESOURCES, data_sources: DATA_SOURCES, lists: LISTS };
