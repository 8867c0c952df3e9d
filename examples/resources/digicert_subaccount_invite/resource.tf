variable "customers" {
  description = "Addresses of the customers who may open a subaccount."
  type        = set(string)
  default     = ["ana@customer-one.example", "bo@customer-two.example"]
}

resource "digicert_subaccount_invite" "example" {
  emails          = var.customers
  subaccount_type = "enterprise"
  invite_note     = "Welcome! Open your CertCentral account with this invite."

  # An invite expires after 30 days. Another value here sends a new one to all who have not accepted.
  resend_triggers = {
    round = "1"
  }
}

output "invites" {
  description = "What became of the invite to each customer."
  value       = digicert_subaccount_invite.example.invites
}
