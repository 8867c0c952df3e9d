list "digicert_division" "active" {
  provider = digicert

  config {
    is_active = true
  }
}
