# The import ID is the account ID. The API does not return settings, so the next apply sends the
# configured settings.
import {
  to = digicert_account_settings.example
  id = "100001"
}
