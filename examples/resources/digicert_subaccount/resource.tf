resource "digicert_subaccount" "example" {
  account_type          = "managed"
  allowed_grandchildren = []
  child_name            = "customer-1"

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

  # The default. A plan that destroys or replaces the subaccount fails, even if its block was deleted.
  deletion_protection = true
}

# The state contains the key in plain text. Restrict access to it.
output "api_key" {
  value     = digicert_subaccount.example.api_key
  sensitive = true
}
