# A managed subaccount for a customer, with its account manager, the contacts of its organization, and
# invites for further customers. The tests need no account: see tests/ and mocks/.

terraform {
  required_providers {
    digicert = {
      source  = "certcentral/digicert"
      version = "~> 0.1"
    }
  }
}

data "digicert_access_role" "manager" {
  name = "Manager"
}

resource "digicert_user" "manager" {
  username       = var.manager_email
  email          = var.manager_email
  first_name     = "Ana"
  last_name      = "Example"
  access_role_id = data.digicert_access_role.manager.id
}

resource "digicert_subaccount" "customer" {
  account_type            = "managed"
  allowed_grandchildren   = []
  child_name              = var.customer.name
  account_manager_user_id = digicert_user.manager.id
  deletion_protection     = var.deletion_protection

  user {
    first_name = "Cy"
    last_name  = "Customer"
    email      = var.customer.email
  }

  organization {
    name    = var.customer.name
    address = var.customer.address
    zip     = var.customer.zip
    city    = var.customer.city
    state   = var.customer.state
    country = var.country
  }
}

# The organization belongs to the subaccount, so its contacts are set with the API key of the subaccount.
provider "digicert" {
  alias      = "customer"
  api_key    = digicert_subaccount.customer.api_key
  account_id = digicert_subaccount.customer.id
}

resource "digicert_organization_contacts" "customer" {
  provider        = digicert.customer
  organization_id = digicert_subaccount.customer.organization.id

  organization_contact {
    first_name = "Cy"
    last_name  = "Customer"
    email      = var.customer.email
  }

  technical_contact {
    first_name = digicert_user.manager.first_name
    last_name  = digicert_user.manager.last_name
    email      = digicert_user.manager.email
  }
}

resource "digicert_subaccount_invite" "next" {
  count = length(var.invite_emails) > 0 ? 1 : 0

  emails          = var.invite_emails
  subaccount_type = "enterprise"
}
