data "digicert_user" "manager" {
  username = "ana@example.com"
}

resource "digicert_subaccount" "customer" {
  account_type            = "managed"
  account_manager_user_id = data.digicert_user.manager.id

  user {
    first_name = "Cy"
    last_name  = "Customer"
    email      = "cy@customer.example"
  }

  organization {
    name    = "Customer LLC"
    address = "1 Example Street"
    zip     = "00001"
    city    = "Exampleville"
    state   = "Minnesota"
    country = "US"
  }
}
