# Terraform 1.5 and later. The id is the number of the organization.
import {
  to = digicert_organization_contacts.example
  id = "123456"
}
