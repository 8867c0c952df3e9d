# The numbers of the invites, joined by commas; all of one type and one note. CertCentral lists them at
# GET /account/subaccount/invite.
import {
  to = digicert_subaccount_invite.customers
  id = "41,42"
}
