//! The plan of an activation.

use crate::kind::{Change, Context};
use crate::schema::{Path, Value};

use super::encoding::PENDING;
use super::messages;

/// Plans the activation of a pending webhook, and warns of what the endpoint must do.
pub(super) fn activation(change: &mut Change<'_>, cx: &mut Context) {
    if !change.is_update() || change.planned.attribute("active") != &Value::Bool(true) {
        return;
    }
    let warning = if change.changes("endpoint") {
        messages::endpoint_changes()
    } else if change.prior.attribute("status").as_str() == Some(PENDING) {
        change.known_after_apply(&["status"]);
        messages::still_pending()
    } else {
        return;
    };
    cx.report(warning.at(Path::of("active")));
}
