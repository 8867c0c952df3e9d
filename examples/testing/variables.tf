variable "customer" {
  description = "Organization of the customer, and e-mail address of its first user."
  type = object({
    name    = string
    email   = string
    address = string
    zip     = string
    city    = string
    state   = string
  })
}

variable "country" {
  description = "Country of the customer, as a two-letter code."
  type        = string
  default     = "US"

  validation {
    condition     = can(regex("^[A-Z]{2}$", var.country))
    error_message = "The country must be a code of two capital letters, for example US."
  }
}

variable "manager_email" {
  description = "E-mail address of the user who manages the subaccount."
  type        = string
}

variable "invite_emails" {
  description = "E-mail addresses of customers to invite."
  type        = set(string)
  default     = []
}

variable "deletion_protection" {
  description = "Whether a plan that destroys the subaccount fails. Set to false in tests that do not mock the provider."
  type        = bool
  default     = true
}
