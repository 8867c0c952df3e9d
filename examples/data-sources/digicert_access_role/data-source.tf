data "digicert_access_role" "standard" {
  name = "Standard User"
}

resource "digicert_user" "example" {
  username       = "ana@example.com"
  email          = "ana@example.com"
  first_name     = "Ana"
  last_name      = "Example"
  access_role_id = data.digicert_access_role.standard.id
}
