# The import ID is a comma-separated list of invite IDs that share a type and a note. List them with
# GET /account/subaccount/invite.
import {
  to = digicert_subaccount_invite.example
  id = "41,42"
}
