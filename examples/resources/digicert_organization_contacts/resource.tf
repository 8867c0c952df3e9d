resource "digicert_organization_contacts" "example" {
  organization_id = "300001"

  # All fields are sent on each change; omitted fields are cleared.
  organization_contact {
    first_name          = "Ada"
    last_name           = "Example"
    email               = "ada@example.com"
    job_title           = "Head of PKI"
    telephone           = "555-0100"
    telephone_extension = "12"
  }

  # Omit the block to leave the technical contact unmanaged.
  technical_contact {
    first_name = "Bo"
    last_name  = "Example"
    email      = "bo@example.com"
  }
}
