//! Custom order fields.

use serde::Serialize;

/// A custom field of orders, <https://dev.digicert.com/certcentral-apis/services-api/account/list-custom-fields.html>.
#[derive(Clone, Debug, Serialize)]
pub struct CustomField {
    /// ID.
    pub id: u64,
    /// Account it belongs to.
    pub account_id: u64,
    /// Label.
    pub label: String,
    /// Whether every order must have it.
    pub is_required: bool,
    /// Whether orders can have it.
    pub is_active: bool,
    /// `text`, `int`, `email_address` or `email_list`. If `None`, anything.
    pub data_type: Option<String>,
    /// Whether receipts show it, if that was sent.
    pub show_in_receipt: Option<bool>,
}
