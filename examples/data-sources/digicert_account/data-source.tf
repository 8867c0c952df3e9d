data "digicert_account" "this" {}

output "account" {
  value = "${data.digicert_account.this.id} (${data.digicert_account.this.cert_central_type})"
}
