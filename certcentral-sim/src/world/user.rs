//! Users.

use serde::Serialize;

/// A user, <https://dev.digicert.com/services-api/users/user-info/>.
#[derive(Clone, Debug, Serialize)]
pub struct User {
    /// ID.
    pub id: u64,
    /// Account it belongs to.
    pub account_id: u64,
    /// Username.
    pub username: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// Job title.
    pub job_title: Option<String>,
    /// Telephone number.
    pub telephone: Option<String>,
    /// `active`, the only documented status. Others do not change what the simulator does.
    pub status: String,
    /// Home container.
    pub container_id: u64,
    /// 1 Administrator to 5 Standard User.
    pub access_role_id: u64,
    /// Containers the user is limited to. If empty, all.
    pub container_assignments: Vec<u64>,
    /// Signs in by SAML only.
    pub is_saml_sso_only: bool,
    /// A service user, which has keys and no sign-in.
    pub is_api_only: bool,
    /// Receives no e-mails about renewals.
    pub disable_renewal_notifications: bool,
}
