//! The initial data of a simulator.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::{
    Account, ApiKey, ApiKeyStatus, Contact, Container, ContainerTemplate, Organization, User, World,
};
use crate::clock::Clock;
use crate::key::Secret;

const ACCOUNT_ID: u64 = 100_001;
const ADMINISTRATOR_ID: u64 = 110_001;
const ROOT_CONTAINER_ID: u64 = 1001;
const KEY_ID: u64 = 700_001;

impl World {
    /// One account with an administrator, whose key it is, a root container with two divisions,
    /// and two organizations, the first with an organization contact.
    pub(crate) fn new(api_key: String) -> Self {
        Self {
            account: Account {
                id: ACCOUNT_ID,
                cert_central_type: "enterprise".into(),
                admin_email: Some("pki@example.com".into()),
                emergency_emails: None,
                name: "Example Parent".into(),
            },
            containers: BTreeMap::from([
                (ROOT_CONTAINER_ID, container(ROOT_CONTAINER_ID, 0, "Example Parent")),
                (1002, container(1002, ROOT_CONTAINER_ID, "Division One")),
                (1003, container(1003, ROOT_CONTAINER_ID, "Division Two")),
            ]),
            container_templates: BTreeMap::from([
                (Container::ROOT_TEMPLATE, template(Container::ROOT_TEMPLATE, "Enterprise")),
                (
                    Container::DIVISION_TEMPLATE,
                    template(Container::DIVISION_TEMPLATE, "Business Unit"),
                ),
            ]),
            users: BTreeMap::from([(ADMINISTRATOR_ID, administrator())]),
            api_keys: BTreeMap::from([(KEY_ID, administrators_key(api_key))]),
            organizations: BTreeMap::from([
                (300_001, organization(300_001, "Example Org LLC", Some(organization_contact()))),
                (300_002, organization(300_002, "Example Second Org", None)),
            ]),
            subaccounts: BTreeMap::new(),
            subaccount_emails: BTreeMap::new(),
            invites: BTreeMap::new(),
            settings: BTreeMap::new(),
            webhooks: BTreeMap::new(),
            custom_fields: BTreeMap::new(),
            mails: Vec::new(),
            derives_keys: false,
            clock: Clock::default(),
            issued: Vec::new(),
            last_id: 500_000,
            last_key_id: KEY_ID,
        }
    }
}

fn container(id: u64, parent_id: u64, name: &str) -> Container {
    Container::new(id, ACCOUNT_ID, parent_id, name)
}

fn template(id: u64, name: &str) -> ContainerTemplate {
    ContainerTemplate {
        id,
        name: name.into(),
        date_created: date(2018, 1, 2).at(3, 4, 5, 0),
        role_ids: vec![1, 2, 3, 4, 5],
        child_template_ids: vec![Container::DIVISION_TEMPLATE],
    }
}

fn administrator() -> User {
    User {
        id: ADMINISTRATOR_ID,
        account_id: ACCOUNT_ID,
        username: "admin@example.com".into(),
        first_name: "Ada".into(),
        last_name: "Admin".into(),
        email: "admin@example.com".into(),
        job_title: Some("PKI administrator".into()),
        telephone: None,
        status: "active".into(),
        container_id: ROOT_CONTAINER_ID,
        access_role_id: 1,
        container_assignments: Vec::new(),
        is_saml_sso_only: false,
        is_api_only: false,
        disable_renewal_notifications: false,
    }
}

fn administrators_key(secret: String) -> ApiKey {
    ApiKey {
        id: KEY_ID,
        account_id: ACCOUNT_ID,
        user_id: ADMINISTRATOR_ID,
        name: "Administrator".into(),
        status: ApiKeyStatus::Active,
        create_date: date(2024, 1, 2).at(3, 4, 5, 0),
        last_used_date: None,
        restricted_to_role_id: None,
        is_legacy: false,
        secret: Secret::new(secret),
    }
}

fn organization(id: u64, name: &str, organization_contact: Option<Contact>) -> Organization {
    Organization {
        id,
        account_id: ACCOUNT_ID,
        container_id: ROOT_CONTAINER_ID,
        status: "active".into(),
        name: name.into(),
        assumed_name: None,
        is_active: true,
        address: "1 Example Street".into(),
        address2: None,
        zip: "00001".into(),
        city: "Exampleville".into(),
        state: "Minnesota".into(),
        country: "us".into(),
        telephone: Some("555-0100".into()),
        organization_contact,
        technical_contact: None,
        validations: Vec::new(),
    }
}

fn organization_contact() -> Contact {
    Contact {
        id: 184,
        first_name: "Ana".into(),
        last_name: "Example".into(),
        email: "ana@example.com".into(),
        job_title: Some("SRE".into()),
        telephone: Some("555-0100".into()),
        telephone_extension: Some("12".into()),
        language_id: None,
    }
}
