# The import ID is the account ID. The API does not return emergency_emails, so the next apply sends the
# configured addresses.
import {
  to = digicert_account_emails.example
  id = "100001"
}
