# The import ID is the webhook ID. The secret is not imported.
import {
  to = digicert_webhook.example
  id = "1234"
}
