import {
  to = digicert_custom_field.example
  identity = {
    id = "100001"
  }
}
