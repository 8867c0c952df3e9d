# The same technical contact for every active organization.
data "digicert_organizations" "active" {
  status = "active"
}

resource "digicert_organization_contacts" "active" {
  for_each = toset(data.digicert_organizations.active.ids)

  organization_id = each.key

  technical_contact {
    first_name = "Bo"
    last_name  = "Example"
    email      = "bo@example.com"
  }
}
