# Uses all resources: users, a service user with a key that rotates, a division, an organization, contacts, e-mail
# addresses and notification settings of the account, a custom field, the webhook, a managed subaccount, and
# invites for further customers.

terraform {
  required_providers {
    digicert = {
      source  = "certcentral/digicert"
      version = "~> 0.1"
    }
  }
}

# The API key comes from DIGICERT_API_KEY. The provider rejects keys of other accounts.
provider "digicert" {
  account_id = var.account_id
}

variable "account_id" {
  description = "ID of the CertCentral account."
  type        = string
}

variable "organization_id" {
  description = "ID of the organization whose contacts are managed."
  type        = string
}

variable "team" {
  description = "Users who manage the account, by username."
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

variable "key_version" {
  description = "Change this to rotate the API key of the pipeline."
  type        = string
  default     = "1"
}

variable "invite_emails" {
  description = "E-mail addresses of customers to invite."
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

resource "digicert_division" "sales" {
  name             = "Sales"
  organization_ids = [digicert_organization.sales.id]

  # Omit this in production: a division can be deactivated, but not deleted.
  deletion_protection = false
}

resource "digicert_organization" "sales" {
  name      = "Example Sales LLC"
  address   = "1 Example Street"
  zip       = "84043"
  city      = "Lehi"
  state     = "Utah"
  country   = "US"
  telephone = "555-0100"

  organization_contact {
    first_name = "Ana"
    last_name  = "Example"
    email      = "ana@example.com"
  }

  validation_types    = ["ov"]
  deletion_protection = false
}

resource "digicert_service_user" "pipeline" {
  email                    = "pipeline@example.com"
  key_name                 = "bootstrap"
  restricted_to_role_id    = "102" # View Only
  container_id_assignments = [digicert_division.sales.id]
}

# Change key_version to rotate the key. The guide "Rotating keys" does it on a schedule.
resource "digicert_api_key" "pipeline" {
  user_id               = digicert_service_user.pipeline.id
  name                  = "pipeline"
  restricted_to_role_id = "100" # Orders

  rotation_triggers = { version = var.key_version }
  grace_period      = "24h"
}

resource "digicert_account_emails" "this" {
  admin_emails     = ["pki@example.com"]
  emergency_emails = ["on-call@example.com"]
}

resource "digicert_custom_field" "cost_center" {
  label     = "Cost center"
  data_type = "int"
}

# With active = true, the endpoint must answer a challenge first.
resource "digicert_webhook" "this" {
  endpoint = "https://hooks.example.com/certcentral"
  events   = ["certificate_issued", "domain_expired"]
  active   = false
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

  # Renewal notifications need the contacts to exist.
  depends_on = [digicert_organization_contacts.this]
}

# Managed subaccount for API use. Its key is returned only once.
resource "digicert_subaccount" "customer_one" {
  account_type            = "managed"
  allowed_grandchildren   = []
  child_name              = "customer-one"
  account_manager_user_id = digicert_user.team["ana@example.com"].id
  bill_parent             = true

  # For trials only. Omit this in production: CertCentral cannot close a subaccount.
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
  emails          = var.invite_emails
  subaccount_type = "enterprise"
  invite_note     = "${digicert_user.team["ana@example.com"].first_name} will help you to get started."
}

output "pipeline_api_key" {
  description = "API key of the pipeline."
  value       = digicert_api_key.pipeline.api_key
  sensitive   = true
}

output "customer_one_api_key" {
  description = "API key of the managed subaccount."
  value       = digicert_subaccount.customer_one.api_key
  sensitive   = true
}
