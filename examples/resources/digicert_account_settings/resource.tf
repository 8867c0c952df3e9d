# Declare once per account. Omitted settings are not changed.
resource "digicert_account_settings" "example" {
  confirmation_email_recipients = ["order-users"]
  rejection_email_recipients    = ["order-users", "org-contact"]
  approval_email_recipients     = ["order-users", "org-contact"]
  renewal_email_recipients      = ["admin", "tech-contact"]

  email_preference_org_approval   = true
  account_fund_expiry_notices     = true
  account_fund_adjustment_notices = false
  include_division_name_in_email  = true
}
