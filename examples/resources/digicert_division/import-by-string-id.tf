# The import ID is the division ID, or a name that only one division has.
import {
  to = digicert_division.example
  id = "1002"
}
