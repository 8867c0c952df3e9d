data "digicert_subaccount_invites" "expired" {
  status = "expired"
}

output "never_accepted" {
  value = toset(data.digicert_subaccount_invites.expired.invites[*].email)
}
