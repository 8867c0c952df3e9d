# The import ID is the account ID. The API does not return emergency_emails, so the next apply sends the
# configured addresses.
terraform import digicert_account_emails.example 100001
