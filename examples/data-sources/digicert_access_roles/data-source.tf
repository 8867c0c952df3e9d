# Users from a CSV file with the columns username, first_name, last_name and role, for example
# ana@example.com,Ana,Example,Standard User
data "digicert_access_roles" "all" {}

locals {
  role_ids = {
    for role in data.digicert_access_roles.all.access_roles : role.name => role.id
  }
  users = {
    for user in csvdecode(file("${path.module}/users.csv")) : user.username => user
  }
}

resource "digicert_user" "all" {
  for_each = local.users

  username       = each.key
  email          = each.key
  first_name     = each.value.first_name
  last_name      = each.value.last_name
  access_role_id = local.role_ids[each.value.role]
}
