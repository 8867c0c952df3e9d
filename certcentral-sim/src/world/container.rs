//! Containers.

use jiff::civil::DateTime;
use serde::Serialize;

use super::World;

/// A container, which the console calls a division.
#[derive(Clone, Debug, Serialize)]
pub struct Container {
    /// ID.
    pub id: u64,
    /// Account it belongs to.
    pub account_id: u64,
    /// Container above it; 0 for the root.
    pub parent_id: u64,
    /// ID in addresses of the console.
    pub public_id: String,
    /// Its name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// Key of its sign-in page.
    pub ekey: String,
    /// Whether its sign-in page has a logo.
    pub has_logo: bool,
    /// Template, which decides on its roles.
    pub template_id: u64,
    /// Whether it can be used.
    pub is_active: bool,
    /// Domains that orders in it are limited to. If `None`, all.
    pub allowed_domain_names: Option<Vec<String>>,
    /// Organizations that are assigned to it.
    pub organization_assignments: Vec<u64>,
}

/// What the containers made from it can have.
#[derive(Clone, Debug, Serialize)]
pub struct ContainerTemplate {
    /// ID.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// When it was created.
    pub date_created: DateTime,
    /// Roles that users of its containers can have.
    pub role_ids: Vec<u64>,
    /// Templates that children of its containers can have.
    pub child_template_ids: Vec<u64>,
}

impl Container {
    /// Template of the root container of an account.
    pub const ROOT_TEMPLATE: u64 = 5;

    /// Template of a division.
    pub const DIVISION_TEMPLATE: u64 = 6;

    /// An active container without description, limits and organizations.
    pub fn new(id: u64, account_id: u64, parent_id: u64, name: &str) -> Self {
        let template_id =
            if parent_id == 0 { Self::ROOT_TEMPLATE } else { Self::DIVISION_TEMPLATE };
        Self {
            id,
            account_id,
            parent_id,
            public_id: format!("public-{id}"),
            name: name.to_owned(),
            description: None,
            ekey: format!("ekey-{id}"),
            has_logo: false,
            template_id,
            is_active: true,
            allowed_domain_names: None,
            organization_assignments: Vec::new(),
        }
    }
}

impl World {
    /// The root container of an account.
    pub(crate) fn root_container(&self, account_id: u64) -> Option<&Container> {
        self.containers.values().find(|it| it.account_id == account_id && it.parent_id == 0)
    }

    /// Whether the template of a container has a role.
    pub(crate) fn container_has_role(&self, container_id: u64, role_id: u64) -> bool {
        let container = self.containers.get(&container_id);
        let template = container.and_then(|it| self.container_templates.get(&it.template_id));
        template.is_some_and(|it| it.role_ids.contains(&role_id))
    }
}
