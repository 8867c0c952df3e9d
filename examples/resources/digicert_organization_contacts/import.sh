# The import ID is the organization ID. If the API does not return the technical contact, the next apply
# sends the configured one.
terraform import digicert_organization_contacts.example 300001
