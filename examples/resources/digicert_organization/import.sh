# By organization ID.
terraform import digicert_organization.example 310002

# By name, which must match exactly one organization.
terraform import digicert_organization.example "Example Org LLC"
