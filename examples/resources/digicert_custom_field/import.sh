# By ID, or by label if only one custom field has it.
terraform import digicert_custom_field.example "Cost center"
