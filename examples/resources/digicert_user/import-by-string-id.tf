# By id, username or e-mail address.
import {
  to = digicert_user.example
  id = "ana@example.com"
}
