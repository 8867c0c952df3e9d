import {
  to = digicert_account_emails.example
  identity = {
    account_id = "100001"
  }
}
