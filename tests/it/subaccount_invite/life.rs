//! The life of an invite resource.

use certcentral_sim::{CanceledSpelling, Invite, InviteStatus, Options, World};

use crate::lifecycle::Row;

const ROW: Row = Row {
    resource: "digicert_subaccount_invite",
    create: (
        ONE,
        &[
            r#"POST /account/subaccount/invite {"emails":["Ada@example.com"],"subaccount_type":"enterprise"}"#,
        ],
    ),
    updates: &[
        (
            TWO,
            &[
                r#"POST /account/subaccount/invite {"emails":["bo@example.com"],"subaccount_type":"enterprise"}"#,
            ],
        ),
        (TRIGGERED, &[]),
        (
            RESENT,
            &[
                r#"POST /account/subaccount/invite {"emails":["Ada@example.com","bo@example.com"],"subaccount_type":"enterprise"}"#,
                r#"PUT /account/subaccount/invite/{id}/status {"status":"canceled"}"#,
                r#"PUT /account/subaccount/invite/500002/status {"status":"canceled"}"#,
            ],
        ),
        (
            EXCHANGED,
            &[
                r#"POST /account/subaccount/invite {"emails":["cy@example.com"],"subaccount_type":"enterprise"}"#,
                r#"PUT /account/subaccount/invite/500004/status {"status":"canceled"}"#,
            ],
        ),
    ],
    respelled: RESPELLED,
    drift: &[],
    unnoticed: &[
        |world| invites(world, |it| it.status = InviteStatus::Canceled),
        |world| invites(world, |it| it.status = InviteStatus::Accepted),
        |world| {
            let now = world.now();
            invites(world, |it| it.last_sent_date = now);
        },
        |world| world.invites.clear(),
    ],
    removed: (
        |world| world.invites.clear(),
        "does not contain the invites to Ada@example.com (500001)",
    ),
    import_id: |state| {
        let invites = state["invites"].as_array().expect("a list");
        let ids: Vec<_> = invites.iter().map(|it| it["id"].as_str().expect("an ID")).collect();
        ids.join(",")
    },
    after_import: &[],
    lost_attribute: "invites",
    destroy: &[
        r#"PUT /account/subaccount/invite/{id}/status {"status":"canceled"}"#,
        r#"PUT /account/subaccount/invite/500005/status {"status":"canceled"}"#,
    ],
    left_behind: None,
};

const ONE: &str = r#"
    emails          = ["Ada@example.com"]
    subaccount_type = "enterprise""#;
const TWO: &str = r#"
    emails          = ["bo@example.com", "Ada@example.com"]
    subaccount_type = "enterprise""#;
const TRIGGERED: &str = r#"
    emails          = ["bo@example.com", "Ada@example.com"]
    subaccount_type = "enterprise"
    resend_triggers = { round = "1" }"#;
const RESENT: &str = r#"
    emails          = ["bo@example.com", "Ada@example.com"]
    subaccount_type = "enterprise"
    resend_triggers = { round = "2" }"#;
const EXCHANGED: &str = r#"
    emails          = ["cy@example.com", "Ada@example.com"]
    subaccount_type = "enterprise"
    resend_triggers = { round = "2" }"#;
const RESPELLED: &str = r#"
    emails          = ["ADA@EXAMPLE.com", "Cy@example.com"]
    subaccount_type = "enterprise"
    resend_triggers = { round = "2" }"#;

#[test]
fn lifecycle() {
    ROW.live(Options::default());
}

#[test]
fn lifecycle_where_the_api_spells_everything_otherwise() {
    ROW.live(Options {
        page_limit_max: 2,
        ids_as_strings: true,
        null_for_unset: true,
        lower_case_emails: true,
        canceled_spelling: CanceledSpelling::Cancelled,
        ..Options::default()
    });
}

fn invites(world: &mut World, change: impl FnMut(&mut Invite)) {
    world.invites.values_mut().for_each(change);
}
