data "digicert_division" "emea" {
  name = "EMEA"
}

data "digicert_users" "emea" {
  container_id = data.digicert_division.emea.id
}
