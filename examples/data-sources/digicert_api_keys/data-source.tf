data "digicert_api_keys" "active" {
  status = "active"
}

# API keys that have never been used.
output "unused" {
  value = [for key in data.digicert_api_keys.active.api_keys : key.name if key.last_used_date == null]
}
