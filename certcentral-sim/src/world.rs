//! The objects of the simulator. Tests read and change them without the API.

mod api_key;
mod container;
mod custom_field;
mod default;
mod invite;
mod organization;
mod user;
mod validation;
mod webhook;

pub use api_key::{ApiKey, ApiKeyStatus};
pub use container::{Container, ContainerTemplate};
pub use custom_field::CustomField;
pub use invite::{Invite, InviteStatus, Mail, MailKind};
pub use organization::{Contact, Organization};
pub use user::User;
pub use validation::{Validation, ValidationStatus, VerifiedUser};
pub use webhook::{Challenge, Webhook, WebhookSettings, WebhookStatus};

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::DateTime;
use serde::Serialize;
use serde_json::Value;

use crate::clock::Clock;

/// The data of a simulator: the parent account and its subaccounts.
///
/// The first user, the organization and the container of a subaccount are in the same maps as those of the
/// parent; they differ in `account_id`.
#[derive(Clone, Debug, Serialize)]
pub struct World {
    /// The parent account.
    pub account: Account,
    /// Containers ("divisions") by ID.
    pub containers: BTreeMap<u64, Container>,
    /// Templates of containers by ID, the same for all accounts.
    pub container_templates: BTreeMap<u64, ContainerTemplate>,
    /// Users by ID.
    pub users: BTreeMap<u64, User>,
    /// API keys by ID, also revoked ones.
    pub api_keys: BTreeMap<u64, ApiKey>,
    /// Organizations by ID.
    pub organizations: BTreeMap<u64, Organization>,
    /// Subaccounts by account ID.
    pub subaccounts: BTreeMap<u64, Subaccount>,
    /// E-mail addresses of subaccounts, by account ID.
    pub subaccount_emails: BTreeMap<u64, AccountEmails>,
    /// Subaccount invites by ID.
    pub invites: BTreeMap<u64, Invite>,
    /// Notification settings as received, by account ID and name.
    pub settings: BTreeMap<u64, BTreeMap<String, Value>>,
    /// Webhooks by ID, one for each account.
    pub webhooks: BTreeMap<u64, Webhook>,
    /// Custom order fields by ID.
    pub custom_fields: BTreeMap<u64, CustomField>,
    /// E-mails that CertCentral would have sent, oldest first.
    pub mails: Vec<Mail>,
    /// Keys follow from the first key and their IDs, so that every run has the same ones.
    #[serde(skip)]
    pub(crate) derives_keys: bool,
    #[serde(skip)]
    pub(crate) clock: Clock,
    #[serde(skip)]
    pub(crate) issued: Vec<String>,
    #[serde(skip)]
    last_id: u64,
    #[serde(skip)]
    last_key_id: u64,
}

/// The owner of a key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub(crate) account_id: u64,
    pub(crate) user_id: u64,
}

/// The parent account, <https://dev.digicert.com/certcentral-apis/services-api/account/account-details.html>.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// ID.
    pub id: u64,
    /// `retail`, `enterprise` or `reseller`.
    pub cert_central_type: String,
    /// Addresses copied on account mail, separated by commas.
    pub admin_email: Option<String>,
    /// Addresses for emergencies, separated by commas. The API does not return them.
    pub emergency_emails: Option<String>,
    /// Name shown as the billing account of subaccounts.
    pub name: String,
}

/// E-mail addresses that a subaccount has set, separated by commas.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AccountEmails {
    /// Addresses copied on account mail.
    pub admin_email: Option<String>,
    /// Addresses for emergencies.
    pub emergency_emails: Option<String>,
}

/// A subaccount, <https://dev.digicert.com/certcentral-apis/services-api/subaccount/subaccount-info.html>.
#[derive(Clone, Debug, Serialize)]
pub struct Subaccount {
    /// ID of the account.
    pub id: u64,
    /// Account that created it.
    pub parent_account_id: u64,
    /// `retail`, `enterprise`, `reseller` or `managed`.
    pub account_type: String,
    /// Types of subaccounts that it may create.
    pub allowed_grandchildren: Vec<String>,
    /// User of the parent who is its account manager.
    pub account_manager_user_id: Option<u64>,
    /// Orders are billed to the parent.
    pub bill_parent: bool,
    /// Whether its own subaccounts must be billed to it.
    pub enforce_bill_parent: bool,
    /// Name that is visible to the parent only.
    pub child_name: Option<String>,
    /// In years.
    pub max_allowed_multi_year_plan_length: u64,
    /// It may renew orders of the parent.
    pub allow_parent_order_renewal: bool,
    /// It may choose the issuing chain.
    pub enable_ica_selection: bool,
    /// Its first user.
    pub user_id: u64,
    /// Its organization.
    pub organization_id: u64,
    /// When it was created.
    pub date_created: DateTime,
}

impl World {
    /// An ID that has not been used, also for objects that tests insert.
    pub fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Now, in UTC, on the clock that tests can move forward.
    pub fn now(&self) -> DateTime {
        self.clock.now()
    }

    /// Number of e-mails of a kind.
    pub fn mails_of(&self, kind: MailKind) -> usize {
        self.mails.iter().filter(|mail| mail.kind == kind).count()
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
    }

    pub(crate) fn mail(&mut self, to: &str, kind: MailKind) {
        self.mails.push(Mail { to: to.to_owned(), kind });
    }
}
