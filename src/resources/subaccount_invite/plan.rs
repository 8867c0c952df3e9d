//! The plan of an update.
//!
//! Unchanged invites stay known, so that the plan of one more address among hundreds shows one more invite.
//! If an apply does not find an invite after sending it, the unknown values become null: the planned elements
//! themselves must stay in the list.

use std::collections::BTreeSet;

use super::Context;
use crate::kind::{Change, Failure};
use crate::schema::{Attr, Diagnostic, Path, Value};

use super::delta::{Delta, Resend, due};
use super::state::InvitesByEmail;
use super::{Invite, SubaccountInvite, messages};

impl SubaccountInvite {
    /// Plans the computed attributes of an update, and warns about effects that the plan does not show.
    pub(super) fn plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        let prior = Self::from_value(change.prior)?;
        let mut planned = Self::from_value(change.planned)?;
        let emails_are_known = change.planned.attribute("emails").is_wholly_known();
        if !emails_are_known {
            // An unknown address is decoded as an empty one.
            planned.emails.remove("");
        }
        let triggers_are_known = change.planned.attribute("resend_triggers").is_wholly_known();
        let resend = Resend::by(&prior, &planned, triggers_are_known);
        let known = InvitesByEmail::of(&prior);
        let delta = Delta::of(&planned, &prior, resend, &cx.private.superseded);
        if emails_are_known && delta.is_empty() && planned.emails == prior.emails {
            return Ok(());
        }
        let invites = if emails_are_known {
            delta.planned_invites(&planned.emails, &known)
        } else {
            Value::Unknown
        };
        if let Value::Object(attributes) = &mut *change.planned {
            attributes.insert("invites", invites);
        }
        if prior.id.is_none() {
            change.known_after_apply(&["id"]);
        }
        let mut uninvited = delta.new.clone();
        uninvited.retain(|email| prior.emails.contains(*email));
        if !uninvited.is_empty() {
            let detail = messages::uninvited(&uninvited);
            let warning = Diagnostic::warning("Addresses without an invite", detail);
            cx.report(warning.at(Path::of("emails")));
        }
        if !delta.superseded.is_empty() {
            let due = due(&cx.private.superseded, &planned.folded_emails(), &known);
            let warning = Diagnostic::warning("Older invites to cancel", messages::to_cancel(&due));
            cx.report(warning.at(Path::of("emails")));
        }
        Ok(())
    }
}

impl Delta<'_> {
    fn planned_invites(&self, emails: &BTreeSet<String>, known: &InvitesByEmail) -> Value {
        let sent: BTreeSet<&str> = [&*self.new, &*self.again].concat().into_iter().collect();
        let planned = |invite: Invite| {
            let unknown: &[_] = match &*invite.email {
                email if sent.contains(email) => {
                    &["id", "status", "date_created", "last_sent_date"]
                }
                email if self.superseded.contains(&email) => &["status"],
                _ => &[],
            };
            let mut value = invite.into_value();
            if let Value::Object(attributes) = &mut value {
                attributes.extend(unknown.iter().map(|name| (*name, Value::Unknown)));
            }
            value
        };
        Value::List(known.all(emails).into_iter().map(planned).collect())
    }
}
