# Both provider configurations are mocked, so no request is sent to CertCentral.
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

run "creates_a_managed_subaccount" {
  assert {
    condition     = digicert_subaccount.customer.account_manager_user_id == digicert_user.manager.id
    error_message = "The account manager of the subaccount must be the user of this configuration."
  }

  assert {
    condition     = digicert_organization_contacts.customer.organization_id == digicert_subaccount.customer.organization.id
    error_message = "The contacts must be those of the subaccount's organization."
  }

  assert {
    condition     = output.api_key != null
    error_message = "A managed subaccount must have an API key."
  }

  assert {
    condition     = length(digicert_subaccount_invite.next) == 0
    error_message = "No invites must be sent by default."
  }
}

run "invites_further_customers" {
  variables {
    invite_emails = ["pki@customer-two.example"]
  }

  assert {
    condition     = digicert_subaccount_invite.next[0].emails == toset(["pki@customer-two.example"])
    error_message = "Each address must be invited once."
  }
}

run "rejects_an_invalid_country" {
  command = plan

  variables {
    country = "USA"
  }

  expect_failures = [var.country]
}
