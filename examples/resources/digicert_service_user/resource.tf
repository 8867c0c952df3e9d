data "digicert_division" "emea" {
  name = "EMEA"
}

resource "digicert_service_user" "example" {
  email                 = "pipeline@example.com"
  key_name              = "pipeline"
  restricted_to_role_id = "100" # Orders

  container_id_assignments = [data.digicert_division.emea.id]
}

output "pipeline_api_key" {
  value     = digicert_service_user.example.api_key
  sensitive = true
}
