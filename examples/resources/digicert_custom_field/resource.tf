resource "digicert_custom_field" "example" {
  label       = "Cost center"
  data_type   = "int"
  is_required = true
}
