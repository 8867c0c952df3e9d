# One managed subaccount: an account without a console that is used only through its API key.

terraform {
  required_version = ">= 1.0"

  required_providers {
    digicert = {
      source = "certcentral/digicert"
    }
  }
}

# The key comes from DIGICERT_API_KEY and the address from DIGICERT_BASE_URL.
provider "digicert" {}

resource "digicert_subaccount" "example" {
  account_type          = "managed"
  allowed_grandchildren = []
  child_name            = "quickstart"

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

  # For a trial, so that `terraform destroy` works. Omit it for a subaccount whose key must not be lost.
  deletion_protection = false
}

output "subaccount_id" {
  value = digicert_subaccount.example.id
}

output "api_key" {
  value     = digicert_subaccount.example.api_key
  sensitive = true
}
