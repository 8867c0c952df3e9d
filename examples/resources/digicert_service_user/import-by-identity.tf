import {
  to = digicert_service_user.example
  identity = {
    id = "110009"
  }
}
