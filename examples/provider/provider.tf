terraform {
  required_providers {
    digicert = {
      source = "certcentral/digicert"
    }
  }
}

# The key is best left to the environment: DIGICERT_API_KEY.
provider "digicert" {
  # The account the key must belong to; another one is an error before anything is changed.
  account_id = "123456"

  # European accounts only.
  # base_url = "https://certcentral.digicert.eu/services/v2"
}
