data "digicert_subaccount" "customer" {
  child_name = "Customer One"
}

output "customer_organization_id" {
  value = data.digicert_subaccount.customer.organization.id
}
