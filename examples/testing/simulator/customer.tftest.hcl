# Without a mock, for the simulator of CertCentral: certcentral-sim -- terraform test -test-directory=simulator
# Never run this with the API key of an account.

variables {
  manager_email       = "ana@example.com"
  invite_emails       = ["pki@customer-two.example"]
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
    condition     = can(tonumber(output.subaccount_id))
    error_message = "The ID of the subaccount must be a number."
  }

  assert {
    condition     = output.api_key != null
    error_message = "A managed subaccount must have an API key."
  }

  assert {
    condition     = digicert_organization_contacts.customer.organization_contact.email == var.customer.email
    error_message = "The organization contact must be the first user of the customer."
  }
}

run "sends_invites" {
  assert {
    condition     = output.pending_invites == ["pki@customer-two.example"]
    error_message = "The invite must be pending."
  }
}

run "cancels_invites_of_removed_addresses" {
  variables {
    invite_emails = []
  }

  assert {
    condition     = output.pending_invites == []
    error_message = "No invite must be pending."
  }
}
