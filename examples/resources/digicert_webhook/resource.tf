variable "webhook_secret" {
  description = "Secret of at least 32 characters that the endpoint compares with the X-WEBHOOK-KEY header."
  type        = string
  ephemeral   = true
}

resource "digicert_webhook" "example" {
  endpoint = "https://hooks.example.com/certcentral"
  events   = ["certificate_issued", "certificate_revoked", "domain_expired"]

  # Requires Terraform 1.11 or later, or OpenTofu 1.11 or later. Change the version to send another secret.
  secret_wo         = var.webhook_secret
  secret_wo_version = 1

  settings {
    notification_frequency = [90, 30, 7, 0]
    send_certificate_chain = true
  }
}
