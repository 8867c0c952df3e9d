import {
  to = digicert_subaccount.example
  identity = {
    id = "200002"
  }
}
