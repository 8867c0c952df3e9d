list "digicert_api_key" "administrator" {
  provider = digicert

  config {
    user_id = "110002"
  }
}
