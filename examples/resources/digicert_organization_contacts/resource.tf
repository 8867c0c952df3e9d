resource "digicert_organization_contacts" "example" {
  organization_id = "123456"

  # A contact is always sent whole: what is left out is erased at CertCentral.
  organization_contact {
    first_name          = "Ada"
    last_name           = "Example"
    email               = "ada@example.com"
    job_title           = "Head of PKI"
    telephone           = "555-0100"
    telephone_extension = "12"
  }

  # Leave a block out to leave that contact alone.
  technical_contact {
    first_name = "Bo"
    last_name  = "Example"
    email      = "bo@example.com"
  }
}
