# Onboards customers and a team by name: subaccounts from a map, users from a CSV file, and contacts of
# organizations. Data sources find the IDs, so the configuration has none.

terraform {
  required_providers {
    digicert = {
      source  = "certcentral/digicert"
      version = "~> 0.1"
    }
  }
}

variable "customers" {
  description = "Customers by name, each with its first user and its organization's address."
  type = map(object({
    account_manager = string
    first_name      = string
    last_name       = string
    email           = string
    address         = string
    zip             = string
    city            = string
    state           = string
    country         = string
  }))
}

variable "technical_contacts" {
  description = "Usernames of the technical contacts, by name of the organization."
  type        = map(string)
}

variable "deletion_protection" {
  description = "Set to false to destroy the example."
  type        = bool
  default     = true
}

locals {
  # Columns: username, first_name, last_name, job_title, role, division.
  users = { for user in csvdecode(file("${path.module}/users.csv")) : user.username => user }
}

data "digicert_access_role" "all" {
  for_each = toset(values(local.users)[*].role)
  name     = each.key
}

data "digicert_division" "all" {
  for_each = toset([for user in local.users : user.division if user.division != ""])
  name     = each.key
}

data "digicert_organization" "all" {
  for_each = var.technical_contacts
  name     = each.key
}

resource "digicert_user" "all" {
  for_each = local.users

  username       = each.key
  email          = each.key
  first_name     = each.value.first_name
  last_name      = each.value.last_name
  job_title      = each.value.job_title != "" ? each.value.job_title : null
  access_role_id = data.digicert_access_role.all[each.value.role].id

  container_id_assignments = (
    each.value.division != "" ? [data.digicert_division.all[each.value.division].id] : null
  )
}

resource "digicert_subaccount" "customer" {
  for_each = var.customers

  account_type            = "managed"
  child_name              = each.key
  account_manager_user_id = digicert_user.all[each.value.account_manager].id
  deletion_protection     = var.deletion_protection

  user {
    first_name = each.value.first_name
    last_name  = each.value.last_name
    email      = each.value.email
  }

  organization {
    name    = each.key
    address = each.value.address
    zip     = each.value.zip
    city    = each.value.city
    state   = each.value.state
    country = each.value.country
  }
}

resource "digicert_organization_contacts" "all" {
  for_each = var.technical_contacts

  organization_id = data.digicert_organization.all[each.key].id

  technical_contact {
    first_name = digicert_user.all[each.value].first_name
    last_name  = digicert_user.all[each.value].last_name
    email      = digicert_user.all[each.value].email
  }
}

# The one-time keys, for a secret store.
output "api_keys" {
  value     = { for name, customer in digicert_subaccount.customer : name => customer.api_key }
  sensitive = true
}
