//! An account with objects of every resource type.

use certcentral_sim::{
    Contact, Container, CustomField, Invite, InviteStatus, Organization, Sim, Subaccount, User,
    Webhook, WebhookStatus, World,
};

/// How many objects of each type an account gets, in addition to those of every simulator.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    pub(super) users: usize,
    pub(super) subaccounts: usize,
    pub(super) organizations: usize,
    pub(super) divisions: usize,
    pub(super) invites: usize,
    pub(super) service_users: usize,
}

/// A few of each.
pub(super) const FEW: Counts = Counts {
    users: 5,
    subaccounts: 2,
    organizations: 3,
    divisions: 3,
    invites: 6,
    service_users: 2,
};

/// Inserts objects of every resource type.
pub(super) fn fill(sim: &Sim, counts: Counts) {
    sim.with(|world| {
        let divisions = divisions(world, counts.divisions);
        for number in 0..counts.organizations {
            organization(world, number, divisions.get(number).copied());
        }
        for number in 0..counts.users {
            let mut person = user(world, &format!("user{number}@example.com"));
            if let Some(division) = divisions.get(number) {
                person.container_id = *division;
                person.container_assignments = vec![*division, 1001];
            }
            world.users.insert(person.id, person);
        }
        for number in 0..counts.service_users {
            let mut service = user(world, &format!("svc-{number}"));
            (service.first_name, service.last_name) = ("Service".into(), "User".into());
            (service.is_api_only, service.job_title, service.telephone) = (true, None, None);
            service.email = format!("pipeline{number}@example.com");
            let id = service.id;
            world.users.insert(id, service);
            world.add_key(id, "Pipeline");
        }
        for number in 0..counts.subaccounts {
            subaccount(world, number);
        }
        for number in 0..counts.invites {
            let note = (number % 2 == 1).then(|| "Welcome to ${company}\n100% \"safe\"".to_owned());
            invite(world, &format!("customer{number}@example.com"), note, InviteStatus::Pending);
        }
        invite(world, "done@example.com", None, InviteStatus::Accepted);
        let (account_id, id) = (world.account.id, world.next_id());
        let mut webhook = Webhook::new(id, account_id, "https://hooks.example.com/certcentral");
        webhook.set_secret(Some("example-secret-of-the-webhook-0001".into()));
        webhook.status = WebhookStatus::Active;
        webhook.is_verified = true;
        webhook.events = vec!["certificate_issued".into()];
        world.webhooks.insert(id, webhook);
        for (label, data_type) in [("Cost center", Some("int")), ("費用", None)] {
            custom_field(world, label, data_type);
        }
    });
}

fn divisions(world: &mut World, count: usize) -> Vec<u64> {
    let account_id = world.account.id;
    let mut above = 1002;
    let mut ids = Vec::new();
    for number in 0..count {
        let id = world.next_id();
        let mut division = Container::new(id, account_id, above, &format!("Sales {number}"));
        division.description = Some("Orders of \"sales\"".into());
        division.organization_assignments = vec![300_001];
        world.containers.insert(id, division);
        ids.push(id);
        above = id;
    }
    ids
}

/// A user, who is not inserted yet.
pub(super) fn user(world: &mut World, username: &str) -> User {
    User {
        id: world.next_id(),
        username: username.into(),
        email: format!("{}@example.com", username.split('@').next().unwrap_or_default()),
        access_role_id: 5,
        ..world.users[&110_001].clone()
    }
}

/// Inserts an organization with its contacts.
pub(super) fn organization(world: &mut World, number: usize, division: Option<u64>) {
    let id = world.next_id();
    let first = world.organizations[&300_001].clone();
    let contact = |name: &str| Contact {
        id: id * 10,
        first_name: name.to_owned(),
        email: format!("{name}@example.com").to_lowercase(),
        ..first.organization_contact.clone().expect("it has one")
    };
    let organization = Organization {
        id,
        name: format!("Customer {number} GmbH & Co. KG"),
        container_id: division.unwrap_or(1001),
        organization_contact: Some(contact("Otto")),
        technical_contact: number.is_multiple_of(2).then(|| contact("Tess")),
        ..first.clone()
    };
    world.organizations.insert(id, organization);
}

fn subaccount(world: &mut World, number: usize) {
    let (id, organization_id) = (world.next_id(), world.next_id());
    let (parent_account_id, date_created) = (world.account.id, world.now());
    let mut person = user(world, &format!("owner{number}"));
    person.account_id = id;
    let first = world.organizations[&300_001].clone();
    let place = Organization {
        id: organization_id,
        account_id: id,
        name: format!("Branch {number}"),
        ..first
    };
    let account = Subaccount {
        id,
        parent_account_id,
        account_type: if number.is_multiple_of(2) { "managed" } else { "enterprise" }.into(),
        allowed_grandchildren: Vec::new(),
        account_manager_user_id: None,
        bill_parent: true,
        enforce_bill_parent: false,
        child_name: (number != 1).then(|| format!("branch-{number}")),
        max_allowed_multi_year_plan_length: 3,
        allow_parent_order_renewal: false,
        enable_ica_selection: false,
        user_id: person.id,
        organization_id,
        date_created,
    };
    world.users.insert(person.id, person);
    world.organizations.insert(organization_id, place);
    world.subaccounts.insert(id, account);
}

/// Inserts an invite.
pub(super) fn invite(
    world: &mut World,
    email: &str,
    note: Option<String>,
    status: InviteStatus,
) -> u64 {
    let (id, account_id, now) = (world.next_id(), world.account.id, world.now());
    let invite = Invite {
        id,
        account_id,
        email: email.into(),
        subaccount_type: "enterprise".into(),
        invite_note: note,
        date_created: now,
        last_sent_date: now,
        status,
    };
    world.invites.insert(id, invite);
    id
}

fn custom_field(world: &mut World, label: &str, data_type: Option<&str>) {
    let (id, account_id) = (world.next_id(), world.account.id);
    let field = CustomField {
        id,
        account_id,
        label: label.into(),
        is_required: true,
        is_active: true,
        data_type: data_type.map(str::to_owned),
        show_in_receipt: None,
    };
    world.custom_fields.insert(id, field);
}
