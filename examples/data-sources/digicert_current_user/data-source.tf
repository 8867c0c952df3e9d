data "digicert_current_user" "this" {}

# Fails if the API key belongs to a person instead of a service user.
check "key_of_service_user" {
  assert {
    condition     = data.digicert_current_user.this.first_name == "Service"
    error_message = "The API key belongs to ${data.digicert_current_user.this.username}."
  }
}
