resource "digicert_division" "example" {
  name                 = "Sales"
  description          = "Field sales"
  allowed_domain_names = ["sales.example.com"]
  organization_ids     = ["310002"]
}

# A division below it. Users are limited to divisions by their own argument.
resource "digicert_division" "emea" {
  parent_id = digicert_division.example.id
  name      = "Sales EMEA"
}

resource "digicert_user" "ana" {
  username                 = "ana@example.com"
  first_name               = "Ana"
  last_name                = "Example"
  email                    = "ana@example.com"
  access_role_id           = "5" # Standard User
  container_id_assignments = [digicert_division.emea.id]
}
