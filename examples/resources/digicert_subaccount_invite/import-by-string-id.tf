# Terraform 1.5 and later. The id is the numbers of the invites, joined by commas; all of one type and
# one note. CertCentral lists them at GET /account/subaccount/invite.
import {
  to = digicert_subaccount_invite.example
  id = "41,42"
}
