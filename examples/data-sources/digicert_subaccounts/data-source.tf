data "digicert_subaccounts" "managed" {
  account_type = "managed"
}

output "managed" {
  value = {
    for account in data.digicert_subaccounts.managed.subaccounts : account.id => account.organization_name
  }
}
