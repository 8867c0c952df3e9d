# Mocked values, as CertCentral would return them. Use them with
# `mock_provider "digicert" { source = "./mocks" }`. All resources of a type get the same values. Arguments
# in the configuration take precedence.

mock_resource "digicert_account_settings" {
  defaults = {
    id = "100001"
  }
}

mock_resource "digicert_organization_contacts" {
  defaults = {
    id = "310002"

    organization_contact = {
      id = "410001"
    }

    technical_contact = {
      id = "410002"
    }
  }
}

mock_resource "digicert_subaccount" {
  defaults = {
    id                                 = "200002"
    api_key                            = "MOCKED-KEY-OF-A-MANAGED-SUBACCOUNT"
    date_created                       = "2026-01-31 09:30:00"
    allowed_grandchildren              = []
    child_name                         = null
    bill_parent                        = false
    enforce_bill_parent                = false
    allow_parent_order_renewal         = false
    enable_ica_selection               = false
    max_allowed_multi_year_plan_length = 1
    deletion_protection                = true

    user = {
      id         = "210002"
      account_id = "200002"
      username   = "first-user@example.com"
      type       = "standard"
    }

    organization = {
      id           = "310002"
      status       = "active"
      display_name = "Example Org"
      is_active    = true

      container = {
        id        = "1004"
        parent_id = null
        name      = "Example Org"
        is_active = true
      }
    }
  }
}

mock_resource "digicert_subaccount_invite" {
  defaults = {
    id = "41"

    invites = [
      {
        id             = "41"
        email          = "customer@example.com"
        status         = "pending"
        date_created   = "2026-01-31 09:30:00"
        last_sent_date = "2026-01-31 09:30:00"
      },
    ]
  }
}

mock_resource "digicert_user" {
  defaults = {
    id                       = "110002"
    account_id               = "100001"
    container_id             = "1001"
    container_id_assignments = null
    status                   = "active"
    type                     = "standard"
  }
}
