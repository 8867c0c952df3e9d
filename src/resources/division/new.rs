//! A division that is being created.

use super::Division;
use super::containers::{children_named, is_active};
use crate::certcentral::{Error, Id, Session, id, id_of};
use crate::kind::Declared;
use crate::resources::creation::{Candidate, Creation};
use crate::schema::Json;

/// A division that is being created.
pub(super) struct New<'a> {
    pub(super) division: &'a Division,
    pub(super) parent: Id,
    pub(super) template: Id,
}

impl Creation for New<'_> {
    const TYPE: &'static str = Division::TYPE;
    const NOUN: &'static str = "Division";
    const ALREADY_EXISTS: &'static str = "Division already exists";
    const MAY_EXIST: &'static str = "Division may have been created";

    fn title(&self) -> String {
        format!("division {:?} below container {}", self.division.name, self.parent)
    }

    /// No child had the name before.
    async fn search(&self, api: &Session) -> Result<Vec<Candidate>, Error> {
        let named = children_named(api, self.parent, &self.division.name).await?;
        let candidate = |it: &Json| Some(Candidate { id: id_of(it)?, is_same: self.is_same(it) });
        Ok(named.iter().filter_map(candidate).collect())
    }
}

impl New<'_> {
    /// Whether a container is as requested, as far as its row shows it.
    fn is_same(&self, container: &Json) -> bool {
        let description = self.division.description.as_deref().unwrap_or_default();
        let same_description = match container.get("description") {
            None | Some(Json::Null) => true,
            Some(found) => found == description,
        };
        let template = container.get("template_id").and_then(id);
        is_active(container) && same_description && template.is_none_or(|id| id == self.template)
    }
}
