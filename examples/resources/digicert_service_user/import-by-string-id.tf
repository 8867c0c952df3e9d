import {
  to = digicert_service_user.example
  id = "pipeline@example.com"
}
