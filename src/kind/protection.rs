//! `deletion_protection`: what cannot be recovered is not destroyed by a deleted block.
//!
//! The plan of a destroy is an error while the state has the argument true or lacks it, and so is the
//! apply of one. Terraform does not show the destroy of a replacement to the provider while it plans, but
//! it plans the create of one with the private data that the plan of the update answered. So that plan
//! leaves a mark there, and the plan of a create that finds the mark is an error, too.

use super::object_name;
use super::private::Private;
use super::resource::Resource;
use crate::schema::{Block, Diagnostic, Value};

/// The argument. A block that declares it is protected by it.
const ARGUMENT: &str = "deletion_protection";

/// Whether the object in this state must not be destroyed.
pub(super) fn is_protected(block: &Block, state: &Value) -> bool {
    block.get(ARGUMENT).is_some() && state.attribute(ARGUMENT) != &Value::Bool(false)
}

/// Marks the plan of an update, so that a replacement is noticed.
pub(super) fn mark<R: Resource>(private: &mut Private, prior: &Value) {
    let is_protected = is_protected(R::block(), prior);
    private.protects = is_protected.then(|| object_name(R::TYPE, prior));
}

/// Why an object is not destroyed. `loss` says what a destroy would lose.
pub(super) fn refusal(object: &str, loss: &str) -> Diagnostic {
    let detail = format!(
        "{object} is protected from deletion, and would be destroyed or replaced. {loss}\n\nIf the resource \
         was renamed or moved, add a `moved` block. If it is tainted, run `terraform untaint`. To destroy it, \
         set `{ARGUMENT} = false`, apply that, and then destroy it. To stop managing it without destroying \
         it, use `terraform state rm` or a `removed` block with `destroy = false`."
    );
    Diagnostic::error("Object protected from deletion", detail)
}
