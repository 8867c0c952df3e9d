//! Invites, and the mails an account sends.

use jiff::{Span, civil::DateTime};
use serde::Serialize;

/// An invite to open a subaccount.
#[derive(Clone, Debug, Serialize)]
pub struct Invite {
    /// Its number.
    pub id: u64,
    /// Account that sent it.
    pub account_id: u64,
    /// Address it went to.
    pub email: String,
    /// Type of the subaccount it opens.
    pub subaccount_type: String,
    /// Words for the invited.
    pub invite_note: Option<String>,
    /// When it was made.
    pub date_created: DateTime,
    /// When it was last sent; 30 days later it expires.
    pub last_sent_date: DateTime,
    /// What became of it.
    pub status: InviteStatus,
}

impl Invite {
    /// What became of the invite by `now`: a pending one expires 30 days after it was sent.
    pub fn status_at(&self, now: DateTime) -> InviteStatus {
        let expiry = self.last_sent_date.saturating_add(Span::new().days(30));
        match self.status {
            InviteStatus::Pending if now >= expiry => InviteStatus::Expired,
            status => status,
        }
    }
}

/// What became of an invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteStatus {
    /// Nothing yet.
    Pending,
    /// A subaccount was opened with it.
    Accepted,
    /// Taken back.
    Canceled,
    /// Too old.
    Expired,
}

/// A mail CertCentral would have sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Address it went to.
    pub to: String,
    /// Why it was sent.
    pub kind: MailKind,
}

/// Why a mail was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// To the first user of a new subaccount.
    SubaccountCreated,
    /// To a new user.
    UserCreated,
    /// To somebody who may open a subaccount.
    SubaccountInvite,
}
