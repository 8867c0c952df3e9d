# The id is the number of the account behind the API key, or any word. CertCentral cannot show settings:
# the next apply sends what is configured.
terraform import digicert_account_settings.example 123456
