list "digicert_service_user" "pipelines" {
  provider = digicert

  config {
    search = "%pipeline"
  }
}
