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

  # The default: a deleted block, a rename without `moved` and `terraform destroy` are errors in the plan.
  deletion_protection = true
}

# Whoever can read the state can read the key: keep it where few can.
output "api_key" {
  value     = digicert_subaccount.example.api_key
  sensitive = true
}
