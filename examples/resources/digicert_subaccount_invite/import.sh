# The id is the numbers of the invites, joined by commas; all of one type and one note. CertCentral lists
# them at GET /account/subaccount/invite.
terraform import digicert_subaccount_invite.example 41,42
