# The import ID is the organization ID.
import {
  to = digicert_organization_contacts.example
  id = "300001"
}
