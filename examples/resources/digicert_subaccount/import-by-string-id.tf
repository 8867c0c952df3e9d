# Terraform 1.5 and later. The id is the number of the subaccount's account.
import {
  to = digicert_subaccount.example
  id = "123456"
}
