# The import ID is the user ID, or a username or e-mail address that only one user has.
import {
  to = digicert_user.example
  id = "ana@example.com"
}
