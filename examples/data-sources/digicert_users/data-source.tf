# Invites per account manager: each manager's customers get an invite with the manager's name.
data "digicert_access_role" "manager" {
  name = "Manager"
}

data "digicert_users" "managers" {
  access_role_id = data.digicert_access_role.manager.id
  status         = "active"
}

variable "customers" {
  description = "Addresses to invite, by username of their account manager."
  type        = map(set(string))
}

resource "digicert_subaccount_invite" "customers" {
  for_each = {
    for user in data.digicert_users.managers.users : user.username => user
    if contains(keys(var.customers), user.username)
  }

  emails          = var.customers[each.key]
  subaccount_type = "enterprise"
  invite_note     = "Your account manager is ${each.value.first_name} ${each.value.last_name}, ${each.value.email}."
}
