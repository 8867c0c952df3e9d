# Declare once per account. An omitted list is not changed.
resource "digicert_account_emails" "example" {
  admin_emails     = ["pki@example.com", "operations@example.com"]
  emergency_emails = ["on-call@example.com"]
}
