import {
  to = digicert_api_key.example
  identity = {
    id = "184"
  }
}
