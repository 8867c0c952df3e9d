# Nothing here reaches CertCentral: both configurations of the provider are mocked.
mock_provider "digicert" {
  source = "./mocks"
}

mock_provider "digicert" {
  alias  = "customer"
  source = "./mocks"
}

variables {
  manager_email       = "ana@example.com"
  deletion_protection = false

  customer = {
    name    = "Customer One"
    email   = "cy@customer-one.example"
    address = "1 Example Street"
    zip     = "84043"
    city    = "Lehi"
    state   = "Utah"
  }
}

run "opens_a_managed_subaccount" {
  assert {
    condition     = digicert_subaccount.customer.account_manager_user_id == digicert_user.manager.id
    error_message = "The subaccount is not managed by the user of this configuration."
  }

  assert {
    condition     = digicert_organization_contacts.customer.organization_id == digicert_subaccount.customer.organization.id
    error_message = "The contacts are not those of the subaccount's organization."
  }

  assert {
    condition     = output.api_key != null
    error_message = "A managed subaccount must have a key."
  }

  assert {
    condition     = length(digicert_subaccount_invite.next) == 0
    error_message = "Nobody is to be invited by default."
  }
}

run "invites_the_next_customers" {
  variables {
    invited = ["pki@customer-two.example"]
  }

  assert {
    condition     = digicert_subaccount_invite.next[0].emails == toset(["pki@customer-two.example"])
    error_message = "Each address is to be invited once."
  }
}

run "refuses_a_country_that_is_no_code" {
  command = plan

  variables {
    country = "USA"
  }

  expect_failures = [var.country]
}
