# By id, username or e-mail address.
import {
  to = digicert_user.ana
  id = "ana@example.com"
}
