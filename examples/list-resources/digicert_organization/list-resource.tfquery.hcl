list "digicert_organization" "active" {
  provider = digicert

  config {
    status = "active"
  }
}
