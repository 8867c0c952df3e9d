data "digicert_organization" "example" {
  name = "Example Org LLC"
}

resource "digicert_organization_contacts" "example" {
  organization_id = data.digicert_organization.example.id

  technical_contact {
    first_name = "Bo"
    last_name  = "Example"
    email      = "bo@example.com"
  }
}
