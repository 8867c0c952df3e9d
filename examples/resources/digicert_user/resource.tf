resource "digicert_user" "example" {
  username       = "ana@example.com"
  first_name     = "Ana"
  last_name      = "Example"
  email          = "ana@example.com"
  job_title      = "SRE"
  telephone      = "555-0100"
  access_role_id = "5" # Standard User
}

# One user per map entry, limited to two divisions.
resource "digicert_user" "auditor" {
  for_each = {
    bo = "Bo"
    cy = "Cy"
  }

  username                 = "${each.key}@example.com"
  first_name               = each.value
  last_name                = "Example"
  email                    = "${each.key}@example.com"
  access_role_id           = "2" # Limited User
  container_id_assignments = ["1002", "1003"]
}
