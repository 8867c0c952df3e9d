terraform {
  backend "s3" {
    bucket       = "example-terraform-state"
    key          = "certcentral.tfstate"
    region       = "us-east-1"
    encrypt      = true
    kms_key_id   = "alias/terraform-state"
    use_lockfile = true
  }
}
