//! When a key is rotated, and when superseded keys are revoked.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::certcentral::{Id, Session, id_of};
use crate::kind::{Change, Failure};
use crate::schema::{Attr, Value};

use super::keys::{active, of_user};
use super::{ApiKey, Context, Issued, messages};

const TRIGGERS: &str = "rotation_triggers";
const SUPERSEDED: &str = "superseded_key_ids";

/// What a rotation changes.
const ROTATED: &[&str] = &["id", "status", "create_date", "last_used_date", "api_key"];

/// What an update does, apart from revoking superseded keys.
pub(super) struct Steps {
    pub(super) rotates: bool,
    pub(super) edits: bool,
}

impl Steps {
    pub(super) fn of(planned: &ApiKey, prior: &ApiKey) -> Self {
        let is_triggered = match (&prior.rotation_triggers, &planned.rotation_triggers) {
            (Some(prior), Some(planned)) => prior != planned,
            _ => false,
        };
        let edits = planned.name != prior.name
            || planned.restricted_to_role_id != prior.restricted_to_role_id;
        Self { rotates: is_triggered || was_revoked(prior), edits }
    }
}

/// Whether the key was revoked outside Terraform, while superseded ones are still active.
fn was_revoked(key: &ApiKey) -> bool {
    key.status.as_deref() == Some("revoked")
}

/// Plans rotations and revocations that are due.
pub(super) async fn plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
    if change.prior.is_null() {
        return Ok(());
    }
    let prior = ApiKey::from_value(change.prior)?;
    let is_replaced = change.planned.is_null() || change.changes("user_id");
    let is_rotated = change.is_update() && (may_be_triggered(change) || was_revoked(&prior));
    if is_replaced || is_rotated {
        refuse_own_key(&prior, is_replaced, cx).await?;
    }
    if change.planned.is_null() || change.changes("user_id") {
        return Ok(());
    }
    if is_rotated {
        change.known_after_apply(ROTATED);
    }
    let is_certain = change.planned.attribute(TRIGGERS).is_wholly_known();
    let grace = change.planned.attribute("grace_period").as_str().map(grace_period);
    let planned = match grace {
        Some(grace) if is_certain => {
            let mut left: Vec<_> = prior.superseded().into_iter().collect();
            left.retain(|id| !is_due(*id, grace, cx));
            if is_rotated && !was_revoked(&prior) && !grace.is_zero() {
                left.extend(prior.id);
            }
            left.sort_unstable();
            left.into_value()
        }
        _ if is_rotated => Value::Unknown,
        _ => prior.superseded().into_iter().collect::<Vec<_>>().into_value(),
    };
    if change.prior.attribute(SUPERSEDED) != &planned {
        change.plan(SUPERSEDED, planned);
    }
    Ok(())
}

/// Whether the triggers change from one value to another. Unknown ones may.
fn may_be_triggered(change: &Change<'_>) -> bool {
    let is_set = |value: &Value| !value.is_null();
    is_set(change.prior.attribute(TRIGGERS))
        && is_set(change.planned.attribute(TRIGGERS))
        && change.changes(TRIGGERS)
}

/// Whether a superseded key is to be revoked now.
fn is_due(id: Id, grace: Duration, cx: &Context) -> bool {
    let since = cx.private.superseded.get(&id);
    // The grace period of one that is not remembered begins with the next read.
    match since {
        Some(since) => now() >= since.saturating_add(grace.as_secs()),
        None => grace.is_zero(),
    }
}

impl ApiKey {
    /// The object once a new key has been created: the old one is superseded.
    pub(super) fn rotated(&self, prior: &Self, issued: &Issued, cx: &mut Context) -> Self {
        let mut superseded = prior.superseded();
        // A key that was restored from a record may have been taken for one that nobody has.
        superseded.retain(|id| Some(*id) != issued.id);
        if let Some(id) = issued.id {
            cx.private.superseded.remove(&id);
        }
        if let Some(old) = prior.id.filter(|_| !was_revoked(prior)) {
            superseded.insert(old);
            cx.private.superseded.insert(old, now());
        }
        Self {
            id: issued.id,
            api_key: Some(issued.api_key.clone()),
            status: Some("active".to_owned()),
            superseded_key_ids: Some(superseded.into_iter().collect()),
            ..self.clone()
        }
    }
}

/// Remembers the superseded keys that are left. The grace period of one that is not remembered, because
/// Terraform has lost the private data, begins now.
pub(super) fn remember(left: &[Id], cx: &mut Context) {
    let known = std::mem::take(&mut cx.private.superseded);
    let since = |id: &Id| (*id, known.get(id).copied().unwrap_or_else(now));
    cx.private.superseded = left.iter().map(since).collect();
}

/// Reports a plan that rotates, revokes or replaces the key that the provider itself uses.
async fn refuse_own_key(prior: &ApiKey, is_revoked: bool, cx: &mut Context) -> Result<(), Failure> {
    let Ok(api) = cx.api() else { return Ok(()) };
    let is_own = match &prior.api_key {
        Some(key) => api.uses_key(key),
        None => is_only_key_of_owner(prior, &api, cx).await,
    };
    if is_own {
        cx.report(messages::own_key(prior, is_revoked));
    }
    Ok(())
}

/// Whether an imported key, whose secret the state does not have, must be the one in use: it is the only
/// active key of the user that the key in use belongs to.
async fn is_only_key_of_owner(prior: &ApiKey, api: &Session, cx: &Context) -> bool {
    if cx.key_owner().await != Some(prior.user_id) {
        return false;
    }
    let Ok(keys) = of_user(prior.user_id, api).await else { return false };
    let others = keys.iter().filter(|key| !super::keys::is_revoked(key));
    let mut others = others.filter_map(id_of);
    others.all(|id| Some(id) == prior.id) && active(&keys, &prior.name, &[].into()).len() == 1
}

/// The rule for a grace period, if the text breaks it.
pub(super) fn grace_period_rule(text: &str) -> Result<(), String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration <= LONGEST => Ok(()),
        Ok(_) => Err("must be a duration of at most 8760h".to_owned()),
        Err(_) => Err("must be a duration such as 0s, 30m or 24h".to_owned()),
    }
}

fn grace_period(text: &str) -> Duration {
    humantime::parse_duration(text).unwrap_or_default()
}

/// A year.
const LONGEST: Duration = Duration::from_secs(8760 * 60 * 60);

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grace_period_is_at_most_a_year() {
        for text in ["0s", "30m", "24h", "8760h", "7days"] {
            assert_eq!(grace_period_rule(text), Ok(()), "{text}");
        }
        for text in ["", "1", "8761h", "-1h", "forever"] {
            assert!(grace_period_rule(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_a_change_from_one_value_to_another_rotates() {
        let with = |value: Option<&str>| ApiKey {
            rotation_triggers: value.map(|it| [("at".to_owned(), it.to_owned())].into()),
            ..ApiKey::default()
        };
        let rotates = |prior: Option<&str>, planned: Option<&str>| {
            Steps::of(&with(planned), &with(prior)).rotates
        };
        assert!(rotates(Some("1"), Some("2")));
        assert!(!rotates(Some("1"), Some("1")));
        assert!(!rotates(None, Some("1")) && !rotates(Some("1"), None) && !rotates(None, None));
    }
}
