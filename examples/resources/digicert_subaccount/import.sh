# The id is the number of the subaccount's account. Its api_key cannot be read again.
terraform import digicert_subaccount.example 123456
