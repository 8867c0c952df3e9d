# The import ID is the account ID. The API does not return settings, so the next apply sends the
# configured settings.
terraform import digicert_account_settings.example 100001
