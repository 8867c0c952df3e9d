//! Types of options that have more than two values.

use std::time::Duration;

use serde::Deserialize;

/// Where `GET /organization/{id}` returns the technical contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TechnicalContact {
    /// Nowhere.
    Hidden,
    /// In an object `technical_contact`.
    Object,
    /// In `contacts[]`, both contacts with their `contact_type`.
    List,
}

/// Key of the array in the list of subaccounts: the documented examples and table differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubaccountListKey {
    /// `subaccounts`, as in the examples.
    Subaccounts,
    /// `child_accounts`, as in the table.
    ChildAccounts,
}

/// The response to `PUT /account/settings`: the documentation has both.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingsAnswer {
    /// 204 without a body.
    NoContent,
    /// 200 with this `status`; anything but `success` changes nothing.
    Body {
        /// The value of `status`.
        status: String,
    },
}

/// Optional fields in the response to `GET /account/subaccount/{id}`. The documented table is incomplete.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SubaccountReadable {
    /// `max_allowed_multi_year_plan_length`, which the change log mentions.
    pub max_allowed_multi_year_plan_length: bool,
    /// `allow_parent_order_renewal`.
    pub allow_parent_order_renewal: bool,
    /// `enable_ica_selection`.
    pub enable_ica_selection: bool,
    /// `allowed_grandchildren`.
    pub allowed_grandchildren: bool,
}

impl Default for SubaccountReadable {
    fn default() -> Self {
        Self {
            max_allowed_multi_year_plan_length: true,
            allow_parent_order_renewal: false,
            enable_ica_selection: false,
            allowed_grandchildren: false,
        }
    }
}

/// Spelling of the status of a canceled invite: the documentation has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CanceledSpelling {
    /// `canceled`.
    Canceled,
    /// `cancelled`.
    Cancelled,
}

/// Spelling of a canceled invite in `filters[status]`: the documentation has `cancelled` there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteStatusFilter {
    /// `cancelled`.
    Cancelled,
    /// `canceled`.
    Canceled,
    /// Either.
    Both,
}

/// Where the users of the account are managed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserManagement {
    /// In CertCentral.
    CertCentral,
    /// In the DigiCert account: adding, deleting and profile edits are refused with 403.
    DigicertAccount,
}

/// Format of the elements of a user's `container_assignments`, which is undocumented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainerAssignments {
    /// Objects like `container`.
    Objects,
    /// IDs.
    Ids,
}

/// Path that activates a container: the sources have both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainerActivatePath {
    /// `PUT /container/{id}/activate`.
    Activate,
    /// `PUT /container/{id}/active`.
    Active,
}

/// Path of the list of service users: the documentation has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceUsersPath {
    /// `GET /user/api-only`.
    ApiOnly,
    /// `GET /service-user`.
    ServiceUser,
}

/// A rolling window of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Number of requests in the window.
    pub requests: usize,
    /// Length of the window.
    #[serde(deserialize_with = "crate::clock::duration")]
    pub window: Duration,
}
