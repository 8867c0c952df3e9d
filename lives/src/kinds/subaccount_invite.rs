//! Invites, of which nobody may be sent a second one without a reason.

use certcentral_sim::InviteStatus;
use serde_json::json;

use super::Kind;

pub(super) const KIND: Kind = Kind {
    edit: |world, random, id| {
        if let Some(invite) = world.invites.get_mut(&id) {
            invite.status =
                if random.bool() { InviteStatus::Accepted } else { InviteStatus::Canceled };
        }
    },
    create: Some(|world| {
        let id = world.next_id();
        let invite = certcentral_sim::Invite {
            id,
            account_id: world.account.id,
            email: "other@example.com".into(),
            subaccount_type: "enterprise".into(),
            invite_note: None,
            date_created: world.now(),
            last_sent_date: world.now(),
            status: InviteStatus::Pending,
        };
        world.invites.insert(id, invite);
        id
    }),
    is_untouched: |world, id| world.invites[&id].status == InviteStatus::Pending,
    can_exist_twice: true,
    ..Kind::new(
        "digicert_subaccount_invite",
        |choose, number| {
            let emails: Vec<_> = ["ada", "bo", "cy", "di"]
                .iter()
                .filter(|_| choose.one_in(2))
                .map(|it| format!("{it}-{number}@example.com"))
                .collect();
            json!({
                "emails": if emails.is_empty() { vec![format!("ed-{number}@example.com")] } else { emails },
                "subaccount_type": if choose.one_in(6) { "retail" } else { "enterprise" },
                "resend_triggers": choose.of(&[
                    json!(null), json!({ "round": "1" }), json!({ "round": "2" }),
                ]),
            })
        },
        |world, number| {
            let (now, domain) = (world.now(), format!("-{number}@example.com"));
            let open = world.invites.values().filter(|it| {
                it.email.to_lowercase().ends_with(&domain)
                    && it.status_at(now) == InviteStatus::Pending
            });
            open.map(|it| it.id).collect()
        },
    )
};
