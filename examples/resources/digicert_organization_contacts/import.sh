# The id is the number of the organization. CertCentral may not show the technical contact; the next
# apply then sets the one that is configured.
terraform import digicert_organization_contacts.example 123456
