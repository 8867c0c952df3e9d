# By division ID.
terraform import digicert_division.example 1002

# By name, which must match exactly one division.
terraform import digicert_division.example "Sales"
