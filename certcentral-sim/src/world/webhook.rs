//! Webhooks.

use jiff::{Span, civil::DateTime};
use serde::Serialize;

use crate::key::Secret;

/// The webhook of an account, <https://dev.digicert.com/certcentral-apis/services-api/webhooks/create-webhook.html>.
#[derive(Clone, Debug, Serialize)]
pub struct Webhook {
    /// ID.
    pub id: u64,
    /// Account it belongs to.
    pub account_id: u64,
    /// Address that receives the events.
    pub endpoint: String,
    #[serde(skip)]
    secret: Option<Secret>,
    /// Events that it sends.
    pub events: Vec<String>,
    /// Status.
    pub status: WebhookStatus,
    /// Settings.
    pub settings: WebhookSettings,
    /// Whether its endpoint has answered a challenge.
    pub is_verified: bool,
    /// The last challenge, until it is answered.
    pub challenge: Option<Challenge>,
}

/// Status of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookStatus {
    /// It has not been activated since it was created or its endpoint was changed.
    Pending,
    /// It sends events.
    Active,
    /// It was deactivated.
    Inactive,
}

/// Settings of a webhook, as far as they were sent.
#[derive(Clone, Debug, Default, Serialize)]
pub struct WebhookSettings {
    /// Days before an expiry, or after it if negative, on which an event is sent.
    pub webhook_notification_frequency: Option<Vec<i64>>,
    /// Whether certificates that are issued at once cause events.
    pub instant_issue_webhook_notification: Option<bool>,
    /// Whether events have the chain of the certificate.
    pub webhook_send_certificate_chain: Option<bool>,
    /// The same for certificates that are issued at once.
    pub webhook_send_instant_issued_certificate_chain: Option<bool>,
}

/// What was sent to the endpoint of a webhook.
#[derive(Clone, Debug, Serialize)]
pub struct Challenge {
    /// Token that proves that the endpoint received it.
    pub token: String,
    /// When it was sent; 30 minutes later it expires.
    pub sent: DateTime,
}

impl Webhook {
    /// A webhook without secret, events and settings, whose endpoint has not answered a challenge.
    pub fn new(id: u64, account_id: u64, endpoint: &str) -> Self {
        Self {
            id,
            account_id,
            endpoint: endpoint.to_owned(),
            secret: None,
            events: Vec::new(),
            status: WebhookStatus::Pending,
            settings: WebhookSettings::default(),
            is_verified: false,
            challenge: None,
        }
    }

    /// The secret that events have in a header.
    pub fn secret(&self) -> Option<&str> {
        self.secret.as_ref().map(Secret::text)
    }

    /// Changes or removes the secret.
    pub fn set_secret(&mut self, secret: Option<String>) {
        self.secret = secret.map(Secret::new);
    }
}

impl Challenge {
    /// Whether a token answers it at the time `now`.
    pub fn is_answered_by(&self, token: &str, now: DateTime) -> bool {
        token == self.token && now < self.sent.saturating_add(Span::new().minutes(30))
    }
}
