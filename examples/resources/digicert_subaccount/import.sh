# By account ID. The api_key cannot be imported.
terraform import digicert_subaccount.example 200002

# By child_name, which must match exactly one subaccount.
terraform import digicert_subaccount.example customer-1
