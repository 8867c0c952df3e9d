resource "digicert_organization" "example" {
  name      = "Example Org LLC"
  address   = "1 Example Street"
  zip       = "84043"
  city      = "Lehi"
  state     = "Utah"
  country   = "US"
  telephone = "555-0100"

  # Sent when the organization is created.
  organization_contact {
    first_name = "Ana"
    last_name  = "Example"
    email      = "ana@example.com"
    job_title  = "SRE"
    telephone  = "555-0100"
  }

  validation_types  = ["ov", "ev"]
  verified_user_ids = ["110002"]
}

# Manages the contacts afterwards.
resource "digicert_organization_contacts" "example" {
  organization_id = digicert_organization.example.id

  organization_contact {
    first_name = "Ana"
    last_name  = "Example"
    email      = "ana@example.com"
    job_title  = "SRE"
    telephone  = "555-0100"
  }

  technical_contact {
    first_name = "Bo"
    last_name  = "Example"
    email      = "bo@example.com"
  }
}
