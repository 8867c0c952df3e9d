data "digicert_service_users" "pipelines" {
  search = "%pipeline"
}

output "pipelines" {
  value = { for user in data.digicert_service_users.pipelines.service_users : user.email => user.id }
}
