output "subaccount_id" {
  description = "ID of the subaccount."
  value       = digicert_subaccount.customer.id
}

output "api_key" {
  description = "API key of the subaccount."
  value       = digicert_subaccount.customer.api_key
  sensitive   = true
}

output "pending_invites" {
  description = "Addresses whose invite is pending."
  value       = [for invite in flatten(digicert_subaccount_invite.next[*].invites) : invite.email if invite.status == "pending"]
}
