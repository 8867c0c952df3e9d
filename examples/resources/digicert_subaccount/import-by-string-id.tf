# The import ID is the account ID of the subaccount, or a child_name that only one subaccount has. The
# api_key cannot be imported.
import {
  to = digicert_subaccount.example
  id = "200002"
}
