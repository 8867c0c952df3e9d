//! Organizations and their contacts.

use serde::Serialize;

use super::{Validation, World};

/// An organization, <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/organization-info.html>.
#[derive(Clone, Debug, Serialize)]
pub struct Organization {
    /// ID.
    pub id: u64,
    /// Account it belongs to.
    pub account_id: u64,
    /// Container it belongs to.
    pub container_id: u64,
    /// `active` or `inactive`.
    pub status: String,
    /// Legal name.
    pub name: String,
    /// Name it does business under.
    pub assumed_name: Option<String>,
    /// Whether it can be used.
    pub is_active: bool,
    /// First line of the address.
    pub address: String,
    /// Second line of the address.
    pub address2: Option<String>,
    /// Postal code.
    pub zip: String,
    /// City.
    pub city: String,
    /// State or province.
    pub state: String,
    /// Country of two letters.
    pub country: String,
    /// Telephone number.
    pub telephone: Option<String>,
    /// Organization contact, which cannot be removed.
    pub organization_contact: Option<Contact>,
    /// Technical contact, which can be removed.
    pub technical_contact: Option<Contact>,
    /// Validations, one of each type.
    pub validations: Vec<Validation>,
}

/// A contact of an organization.
#[derive(Clone, Debug, Serialize)]
pub struct Contact {
    /// ID. A change of name or e-mail address creates another contact.
    pub id: u64,
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
    /// Extension of that number.
    pub telephone_extension: Option<String>,
    /// Language of its mail, opaque.
    pub language_id: Option<String>,
}

impl World {
    /// The oldest organization of an account.
    pub(crate) fn first_organization(&self, account_id: u64) -> Option<&Organization> {
        self.organizations.values().find(|it| it.account_id == account_id)
    }
}
