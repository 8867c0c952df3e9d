import {
  to = digicert_api_key.example
  id = "184"
}
