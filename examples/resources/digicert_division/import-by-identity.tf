import {
  to = digicert_division.example
  identity = {
    id = "1002"
  }
}
