# A key that is rotated every 30 days, by the first apply after that.
resource "time_rotating" "monthly" {
  rotation_days = 30
}

resource "digicert_service_user" "pipeline" {
  email    = "pipeline@example.com"
  key_name = "first"
}

resource "digicert_api_key" "example" {
  user_id               = digicert_service_user.pipeline.id
  name                  = "pipeline"
  restricted_to_role_id = "100" # Orders

  rotation_triggers = { month = time_rotating.monthly.id }
  grace_period      = "24h"
}
