import {
  to = digicert_user.example
  identity = {
    id = "110002"
  }
}
