# The pipelines run this against the simulator of CertCentral.
variables {
  deletion_protection = false
}

run "creates_a_managed_subaccount" {
  assert {
    condition     = output.customer_api_key != null
    error_message = "A managed subaccount must have an API key."
  }

  assert {
    condition     = digicert_division.operations.is_active
    error_message = "The division must be active."
  }
}
