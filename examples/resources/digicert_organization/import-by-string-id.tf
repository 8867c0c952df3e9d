# The import ID is the organization ID, or a name that only one organization has.
import {
  to = digicert_organization.example
  id = "310002"
}
