# The configuration that the pipelines test, plan and apply. Add backend.tf of GitHub or GitLab to it.

terraform {
  required_providers {
    digicert = {
      source  = "certcentral/digicert"
      version = "~> 0.1"
    }
  }
}

# The pipelines set DIGICERT_API_KEY, DIGICERT_ACCOUNT_ID and DIGICERT_RECOVERY_DIR.
provider "digicert" {}

variable "deletion_protection" {
  description = "Whether a plan that destroys the division or the subaccount fails. The tests set it to false."
  type        = bool
  default     = true
}

resource "digicert_division" "operations" {
  name                = "Operations"
  deletion_protection = var.deletion_protection
}

resource "digicert_subaccount" "customer" {
  account_type          = "managed"
  allowed_grandchildren = []
  child_name            = "customer-1"
  deletion_protection   = var.deletion_protection

  user {
    first_name = "Ada"
    last_name  = "Example"
    email      = "ada@example.com"
  }

  organization {
    name    = "Example Org"
    address = "1 Example Street"
    zip     = "84043"
    city    = "Lehi"
    state   = "Utah"
    country = "US"
  }
}

output "customer_api_key" {
  description = "API key of the subaccount."
  value       = digicert_subaccount.customer.api_key
  sensitive   = true
}
