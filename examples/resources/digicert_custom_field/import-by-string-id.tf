# By ID, or by label if only one custom field has it.
import {
  to = digicert_custom_field.example
  id = "Cost center"
}
