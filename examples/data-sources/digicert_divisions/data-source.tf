# One user per division.
data "digicert_divisions" "active" {
  is_active = true
}

data "digicert_access_role" "limited" {
  name = "Limited User"
}

resource "digicert_user" "division" {
  for_each = { for division in data.digicert_divisions.active.divisions : division.name => division }

  username                 = "pki+${each.value.id}@example.com"
  email                    = "pki@example.com"
  first_name               = "PKI"
  last_name                = each.key
  access_role_id           = data.digicert_access_role.limited.id
  container_id_assignments = [each.value.id]
}
