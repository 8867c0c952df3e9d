# All five resources together: whoever looks after the account, whom it writes to, and its customers.

terraform {
  required_providers {
    digicert = {
      source = "certcentral/digicert"
    }
  }
}

# The key comes from DIGICERT_API_KEY. A key of any other account than this one is an error.
provider "digicert" {
  account_id = var.account_id
}

variable "account_id" {
  description = "Number of the CertCentral account."
  type        = string
}

variable "organization_id" {
  description = "Number of the organization whose contacts are kept here."
  type        = string
}

variable "team" {
  description = "Who looks after the account, by the name they sign in with."
  type = map(object({
    first_name = string
    last_name  = string
    role_id    = string
  }))
  default = {
    "ana@example.com" = { first_name = "Ana", last_name = "Example", role_id = "4" }
    "bo@example.com"  = { first_name = "Bo", last_name = "Example", role_id = "5" }
  }
}

variable "invited" {
  description = "Addresses of customers who open their own subaccount."
  type        = set(string)
  default     = ["pki@customer-two.example", "it@customer-three.example"]
}

resource "digicert_user" "team" {
  for_each = var.team

  username       = each.key
  email          = each.key
  first_name     = each.value.first_name
  last_name      = each.value.last_name
  access_role_id = each.value.role_id
}

resource "digicert_organization_contacts" "this" {
  organization_id = var.organization_id

  organization_contact {
    first_name = digicert_user.team["ana@example.com"].first_name
    last_name  = digicert_user.team["ana@example.com"].last_name
    email      = digicert_user.team["ana@example.com"].email
    telephone  = "555-0100"
  }

  technical_contact {
    first_name = digicert_user.team["bo@example.com"].first_name
    last_name  = digicert_user.team["bo@example.com"].last_name
    email      = digicert_user.team["bo@example.com"].email
  }
}

resource "digicert_account_settings" "this" {
  renewal_email_recipients      = ["admin", "tech-contact"]
  account_fund_expiry_notices   = true
  email_preference_org_approval = true

  # Mail about renewals goes to contacts that are in place.
  depends_on = [digicert_organization_contacts.this]
}

# A customer whose systems use the API: the account is managed, and its key is returned once.
resource "digicert_subaccount" "customer_one" {
  account_type            = "managed"
  allowed_grandchildren   = []
  child_name              = "customer-one"
  account_manager_user_id = digicert_user.team["ana@example.com"].id
  bill_parent             = true

  # For a trial. Omit it in production: CertCentral cannot close a subaccount.
  deletion_protection = false

  user {
    first_name = "Cy"
    last_name  = "Customer"
    email      = "cy@customer-one.example"
  }

  organization {
    name    = "Customer One"
    address = "1 Example Street"
    zip     = "84043"
    city    = "Lehi"
    state   = "Utah"
    country = "US"
  }
}

resource "digicert_subaccount_invite" "customers" {
  emails          = var.invited
  subaccount_type = digicert_subaccount.customer_one.bill_parent ? "enterprise" : "retail"
  invite_note     = "${digicert_user.team["ana@example.com"].first_name} will help you to get started."
}

output "customer_one_api_key" {
  description = "Key of the managed subaccount, for the systems of the customer."
  value       = digicert_subaccount.customer_one.api_key
  sensitive   = true
}
