# One managed subaccount: an account without a console that is worked through its API key alone.

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

  # CertCentral cannot close a subaccount, and shows its key only once.
  lifecycle {
    prevent_destroy = true
  }
}

output "subaccount_id" {
  value = digicert_subaccount.example.id
}

output "api_key" {
  value     = digicert_subaccount.example.api_key
  sensitive = true
}
