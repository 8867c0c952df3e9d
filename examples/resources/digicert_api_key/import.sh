# The ID of the API key. The key itself is not imported.
terraform import digicert_api_key.example 184
