import {
  to = digicert_organization_contacts.example
  identity = {
    id = "300001"
  }
}
