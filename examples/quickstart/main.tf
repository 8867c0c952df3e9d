# One managed subaccount: an account without console access, used only through its API key.

terraform {
  required_version = ">= 1.0"

  required_providers {
    digicert = {
      source  = "certcentral/digicert"
      version = "~> 0.1"
    }
  }
}

# The API key comes from DIGICERT_API_KEY, the base URL from DIGICERT_BASE_URL.
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

  # For trials only, so that `terraform destroy` works. Omit this in production to protect the API key.
  deletion_protection = false
}

output "subaccount_id" {
  value = digicert_subaccount.example.id
}

output "api_key" {
  value     = digicert_subaccount.example.api_key
  sensitive = true
}
