variable "customers" {
  description = "E-mail addresses of customers to invite."
  type        = set(string)
  default     = ["ana@customer-one.example", "bo@customer-two.example"]
}

resource "digicert_subaccount_invite" "example" {
  emails          = var.customers
  subaccount_type = "enterprise"
  invite_note     = "Welcome! Open your CertCentral account with this invite."

  # An invite expires after 30 days. Change this value to resend the invite to everyone who has not accepted.
  resend_triggers = {
    round = "1"
  }
}

output "invites" {
  description = "Status of each customer's invite."
  value       = digicert_subaccount_invite.example.invites
}
