import {
  to = digicert_account_settings.example
  identity = {
    account_id = "100001"
  }
}
