variable "customer" {
  description = "The customer's organization, and the address of its first user."
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
  description = "Country of the customer, as a code of two letters."
  type        = string
  default     = "US"

  validation {
    condition     = can(regex("^[A-Z]{2}$", var.country))
    error_message = "The country must be a code of two capital letters, such as US."
  }
}

variable "manager_email" {
  description = "Address of the user of this account who manages the subaccount."
  type        = string
}

variable "invited" {
  description = "Addresses of customers who open their own subaccount."
  type        = set(string)
  default     = []
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to destroy the subaccount. Tests against a real account need false."
  type        = bool
  default     = true
}
