terraform {
  required_providers {
    digicert = {
      source = "certcentral/digicert"
    }
  }
}

variable "customers" {
  description = "Addresses of the customers who may open a subaccount."
  type        = set(string)
  default     = ["ana@customer-one.example", "bo@customer-two.example"]
}

resource "digicert_subaccount_invite" "customers" {
  emails          = var.customers
  subaccount_type = "enterprise"
  invite_note     = "Welcome! Open your CertCentral account with this invite."

  # An invite expires after 30 days. Another value here sends a new one to all who have not accepted.
  resend_triggers = {
    round = "1"
  }
}

output "customers_who_have_not_accepted" {
  value = [
    for invite in digicert_subaccount_invite.customers.invites : "${invite.email}: ${invite.status}"
    if invite.status != "accepted"
  ]
}
