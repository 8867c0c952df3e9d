list "digicert_organization_contacts" "active" {
  provider         = digicert
  include_resource = true

  config {
    status = "active"
  }
}
