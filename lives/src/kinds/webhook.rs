//! The webhook of the account.

use serde_json::json;

use super::Kind;

pub(super) const KIND: Kind = Kind {
    objects: 1,
    edit: |world, _, id| {
        if let Some(webhook) = world.webhooks.get_mut(&id) {
            webhook.events = vec!["domain_expired".into()];
        }
    },
    can_exist_twice: true,
    ..Kind::new(
        "digicert_webhook",
        |choose, _| {
            json!({
                "endpoint": choose.of(&["https://hooks.example.com", "https://hooks.example.org"]),
                "active": false,
                "events": choose.some(&["certificate_issued", "domain_expired"]),
            })
        },
        |world, _| world.webhooks.keys().copied().collect(),
    )
};
