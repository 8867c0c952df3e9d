//! Containers.

use serde::Serialize;

/// A container, which the console calls a division.
#[derive(Clone, Debug, Serialize)]
pub struct Container {
    /// ID.
    pub id: u64,
    /// Account it belongs to.
    pub account_id: u64,
    /// Container above it; 0 for the root.
    pub parent_id: u64,
    /// Its name.
    pub name: String,
    /// Whether it can be used.
    pub is_active: bool,
}
