import {
  to = digicert_webhook.example
  identity = {
    id = "1234"
  }
}
