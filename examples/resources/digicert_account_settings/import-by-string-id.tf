# Terraform 1.5 and later. The id is the number of the account behind the API key, or any word.
# CertCentral cannot show settings: the next apply sends what is configured.
import {
  to = digicert_account_settings.example
  id = "123456"
}
