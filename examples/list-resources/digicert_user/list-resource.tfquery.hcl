list "digicert_user" "managers" {
  provider = digicert

  config {
    access_role_id = "4" # Manager
    status         = "active"
  }
}
