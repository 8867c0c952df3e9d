import {
  to = digicert_organization.example
  identity = {
    id = "310002"
  }
}
