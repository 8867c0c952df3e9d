# Mocked values, as CertCentral would return them. Use them with
# `mock_provider "digicert" { source = "./mocks" }`. All resources of a type get the same values. Arguments
# in the configuration take precedence.

mock_resource "digicert_account_emails" {
  defaults = {
    id = "100001"
  }
}

mock_resource "digicert_account_settings" {
  defaults = {
    id = "100001"
  }
}

mock_resource "digicert_api_key" {
  defaults = {
    id                 = "184"
    api_key            = "MOCKED-API-KEY"
    status             = "active"
    create_date        = "2026-01-31T09:30:00+00:00"
    last_used_date     = null
    grace_period       = "0s"
    superseded_key_ids = []
  }
}

mock_resource "digicert_custom_field" {
  defaults = {
    id          = "51"
    is_active   = true
    is_required = false
  }
}

mock_resource "digicert_division" {
  defaults = {
    id                   = "1005"
    public_id            = "Xq5mPbk7Rz"
    parent_id            = "1001"
    template_id          = "6"
    allowed_domain_names = null
    organization_ids     = null
    deletion_protection  = true
    is_active            = true
  }
}

mock_resource "digicert_organization" {
  defaults = {
    id                  = "310003"
    status              = "active"
    display_name        = "Example Org LLC"
    is_active           = true
    container_id        = "1001"
    deletion_protection = true

    validations = [
      {
        type            = "ov"
        status          = "pending"
        date_created    = null
        validated_until = null
      },
    ]
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

mock_resource "digicert_service_user" {
  defaults = {
    id                       = "110009"
    account_id               = "100001"
    api_key                  = "MOCKED-KEY-OF-A-SERVICE-USER"
    container_id_assignments = null
    key_id                   = "183"
    status                   = "active"
    username                 = "0a1b2c3d4e5f"
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

mock_resource "digicert_webhook" {
  defaults = {
    id     = "61"
    active = true
    events = ["certificate_issued"]
    status = "active"
  }
}

mock_data "digicert_access_role" {
  defaults = {
    container_id = "1001"
    id           = "4"
    name         = "Manager"
  }
}

mock_data "digicert_access_roles" {
  defaults = {
    container_id = "1001"
    access_roles = [
      {
        id   = "4"
        name = "Manager"
      },
    ]
    ids = ["4"]
  }
}

mock_data "digicert_account" {
  defaults = {
    admin_emails              = ["pki@example.com"]
    billing_account_id        = "100001"
    billing_account_name      = "Example Org LLC"
    cert_central_type         = "enterprise"
    id                        = "100001"
    is_reseller_customer      = false
    pricing_model             = "flatfee"
    primary_organization_id   = "310001"
    primary_organization_name = "Example Org LLC"
    rep_email                 = "rep@example.com"
    rep_name                  = "Rep Example"
    rep_phone                 = "555-0199"
    root_container_id         = "1001"
  }
}

mock_data "digicert_api_keys" {
  defaults = {
    api_keys = [
      {
        create_date           = "2026-01-31T09:30:00+00:00"
        id                    = "184"
        last_used_date        = null
        name                  = "pipeline"
        restricted_to_role_id = null
        status                = "active"
        user_id               = "110002"
      },
    ]
    ids = ["184"]
  }
}

mock_data "digicert_current_user" {
  defaults = {
    access_role_id           = "4"
    account_id               = "100001"
    container_id             = "1001"
    container_id_assignments = null
    email                    = "admin@example.com"
    first_name               = "Ana"
    id                       = "110001"
    is_saml_sso_only         = false
    job_title                = null
    last_name                = "Example"
    status                   = "active"
    telephone                = null
    type                     = "standard"
    username                 = "admin@example.com"
  }
}

mock_data "digicert_division" {
  defaults = {
    id                   = "1002"
    name                 = "Division One"
    allowed_domain_names = null
    description          = null
    is_active            = true
    organization_ids     = ["310001"]
    parent_id            = "1001"
    public_id            = "a1b2c3"
    template_id          = "6"
  }
}

mock_data "digicert_divisions" {
  defaults = {
    divisions = [
      {
        allowed_domain_names = null
        description          = null
        id                   = "1002"
        is_active            = true
        name                 = "Division One"
        organization_ids     = ["310001"]
        parent_id            = "1001"
        public_id            = "a1b2c3"
        template_id          = "6"
      },
    ]
    ids = ["1002"]
  }
}

mock_data "digicert_organization" {
  defaults = {
    id           = "310001"
    name         = "Example Org LLC"
    address      = "1 Example Street"
    address2     = null
    assumed_name = null
    city         = "Exampleville"
    container_id = "1001"
    country      = "us"
    display_name = "Example Org LLC"
    is_active    = true
    state        = "Minnesota"
    status       = "active"
    telephone    = null
    zip          = "00001"
  }
}

mock_data "digicert_organizations" {
  defaults = {
    ids = ["310001"]
    organizations = [
      {
        address      = "1 Example Street"
        address2     = null
        assumed_name = null
        city         = "Exampleville"
        container_id = "1001"
        country      = "us"
        display_name = "Example Org LLC"
        id           = "310001"
        is_active    = true
        name         = "Example Org LLC"
        state        = "Minnesota"
        status       = "active"
        telephone    = null
        validations = [
          {
            date_created    = "2026-01-31T09:30:00+00:00"
            status          = "active"
            type            = "ov"
            validated_until = "2027-02-28T09:30:00+00:00"
          },
        ]
        zip = "00001"
      },
    ]
  }
}

mock_data "digicert_service_users" {
  defaults = {
    ids = ["110003"]
    service_users = [
      {
        account_id               = "100001"
        container_id_assignments = null
        email                    = "pipeline@example.com"
        id                       = "110003"
        status                   = "active"
        username                 = "0a1b2c3d4e5f"
      },
    ]
  }
}

mock_data "digicert_subaccount" {
  defaults = {
    child_name                         = "Customer One"
    id                                 = "200002"
    organization_name                  = "Customer One LLC"
    account_manager                    = "Ana Example"
    account_type                       = "managed"
    allow_parent_order_renewal         = false
    allowed_grandchildren              = []
    bill_parent                        = false
    date_created                       = "2026-01-31 09:30:00"
    enable_ica_selection               = false
    enforce_bill_parent                = false
    max_allowed_multi_year_plan_length = 1
    organization = {
      address      = "1 Example Street"
      address2     = null
      assumed_name = null
      city         = "Exampleville"
      container = {
        id        = "1004"
        is_active = true
        name      = "Customer One LLC"
        parent_id = null
      }
      country      = "us"
      display_name = "Example Org LLC"
      id           = "310002"
      is_active    = true
      name         = "Customer One LLC"
      state        = "Minnesota"
      status       = "active"
      telephone    = null
      zip          = "00001"
    }
    user = {
      account_id                    = "100001"
      disable_renewal_notifications = false
      email                         = "ana@example.com"
      first_name                    = "Ana"
      id                            = "210002"
      job_title                     = null
      last_name                     = "Example"
      telephone                     = null
      type                          = "standard"
      username                      = "ana@example.com"
    }
  }
}

mock_data "digicert_subaccount_invites" {
  defaults = {
    ids = ["41"]
    invites = [
      {
        date_created    = "2026-01-31 09:30:00"
        email           = "customer@example.com"
        id              = "41"
        invite_note     = null
        last_sent_date  = "2026-01-31 09:30:00"
        status          = "pending"
        subaccount_type = "enterprise"
      },
    ]
  }
}

mock_data "digicert_subaccounts" {
  defaults = {
    ids = ["200002"]
    subaccounts = [
      {
        account_manager   = "Ana Example"
        account_type      = "managed"
        date_created      = "2026-01-31 09:30:00"
        id                = "200002"
        organization_name = "Customer One LLC"
      },
    ]
  }
}

mock_data "digicert_user" {
  defaults = {
    email                    = "ana@example.com"
    id                       = "110002"
    username                 = "ana@example.com"
    access_role_id           = "4"
    account_id               = "100001"
    container_id             = "1001"
    container_id_assignments = null
    first_name               = "Ana"
    is_saml_sso_only         = false
    job_title                = null
    last_name                = "Example"
    status                   = "active"
    telephone                = null
    type                     = "standard"
  }
}

mock_data "digicert_users" {
  defaults = {
    ids = ["110002"]
    users = [
      {
        access_role_id = "4"
        account_id     = "100001"
        container_id   = "1001"
        email          = "ana@example.com"
        first_name     = "Ana"
        id             = "110002"
        job_title      = null
        last_name      = "Example"
        status         = "active"
        telephone      = null
        type           = "standard"
        username       = "ana@example.com"
      },
    ]
  }
}
