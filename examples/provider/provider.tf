terraform {
  required_providers {
    digicert = {
      source  = "certcentral/digicert"
      version = "~> 0.1"
    }
  }
}

# Set the API key in the DIGICERT_API_KEY environment variable.
provider "digicert" {
  # Fail before any change if the key belongs to another account.
  account_id = "100001"

  # European accounts only.
  # base_url = "https://certcentral.digicert.eu/services/v2"
}
