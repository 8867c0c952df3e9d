//! Invites, and the mails an account sends.

use jiff::{Span, civil::DateTime};
use serde::Serialize;

/// An invite to open a subaccount.
#[derive(Clone, Debug, Serialize)]
pub struct Invite {
    /// ID.
    pub id: u64,
    /// Account that sent it.
    pub account_id: u64,
    /// Address of the recipient.
    pub email: String,
    /// Type of the subaccount it opens.
    pub subaccount_type: String,
    /// Text for the recipient.
    pub invite_note: Option<String>,
    /// When it was created.
    pub date_created: DateTime,
    /// When it was last sent; 30 days later it expires.
    pub last_sent_date: DateTime,
    /// Status.
    pub status: InviteStatus,
}

impl Invite {
    /// Status of the invite at the time `now`: a pending one expires 30 days after it was sent.
    pub fn status_at(&self, now: DateTime) -> InviteStatus {
        let expiry = self.last_sent_date.saturating_add(Span::new().days(30));
        match self.status {
            InviteStatus::Pending if now >= expiry => InviteStatus::Expired,
            status => status,
        }
    }
}

/// Status of an invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteStatus {
    /// Not accepted yet.
    Pending,
    /// A subaccount was opened with it.
    Accepted,
    /// Canceled.
    Canceled,
    /// Expired.
    Expired,
}

/// An e-mail that CertCentral would have sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Address of the recipient.
    pub to: String,
    /// Reason.
    pub kind: MailKind,
}

/// Reason of an e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// To the first user of a new subaccount.
    SubaccountCreated,
    /// To a new user.
    UserCreated,
    /// To a person who is invited to open a subaccount.
    SubaccountInvite,
}
