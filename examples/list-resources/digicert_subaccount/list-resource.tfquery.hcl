list "digicert_subaccount" "managed" {
  provider = digicert
  limit    = 1000

  config {
    account_type = "managed"
  }
}
