//! Validations of organizations.

use jiff::civil::DateTime;
use serde::Serialize;

/// A validation of an organization,
/// <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/validation-details.html>.
#[derive(Clone, Debug, Serialize)]
pub struct Validation {
    /// `ov`, `ev`, `cs`, `ev_cs`, `ds` or `smime`.
    pub validation_type: String,
    /// Status.
    pub status: ValidationStatus,
    /// When it was created.
    pub date_created: DateTime,
    /// When it expires, unless it is pending.
    pub validated_until: Option<DateTime>,
    /// Persons who may approve orders.
    pub verified_users: Vec<VerifiedUser>,
}

/// Status of a validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValidationStatus {
    /// DigiCert has not finished it.
    Pending,
    /// Certificates can be issued.
    Active,
    /// Expired.
    Expired,
}

/// A person who may approve orders of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifiedUser {
    /// ID, which is not the ID of a user.
    pub id: u64,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

impl Validation {
    /// A validation that DigiCert has not finished.
    pub fn pending(validation_type: &str, now: DateTime) -> Self {
        Self {
            validation_type: validation_type.to_owned(),
            status: ValidationStatus::Pending,
            date_created: now,
            validated_until: None,
            verified_users: Vec::new(),
        }
    }

    /// Finishes the validation, as DigiCert does.
    pub fn activate(&mut self, validated_until: DateTime) {
        self.status = ValidationStatus::Active;
        self.validated_until = Some(validated_until);
    }

    /// Status of the validation at the time `now`: an active one expires.
    pub fn status_at(&self, now: DateTime) -> ValidationStatus {
        match self.status {
            ValidationStatus::Active if self.validated_until.is_some_and(|it| now >= it) => {
                ValidationStatus::Expired
            }
            status => status,
        }
    }
}
