# The import ID is the webhook ID. The secret is not imported.
terraform import digicert_webhook.example 1234
