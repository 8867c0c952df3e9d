//! Contacts of organizations that exist.

use serde_json::{Value as Json, json};

use super::{Chooser, Kind};

pub(super) const KIND: Kind = Kind {
    edit: |world, random, id| {
        if let Some(contact) =
            world.organizations.get_mut(&id).and_then(|it| it.organization_contact.as_mut())
        {
            contact.telephone = Some(format!("555-{:04}", random.u16(..3)));
        }
    },
    remove: Some(|world, id| {
        if let Some(organization) = world.organizations.get_mut(&id) {
            organization.technical_contact = None;
        }
    }),
    can_exist_twice: true,
    ..Kind::new(
        "digicert_organization_contacts",
        |choose, number| {
            let technical = contact(choose, "tess");
            let organization = choose.one_in(2).then(|| contact(choose, "otto"));
            json!({
                "organization_id": (300_001 + number).to_string(),
                "technical_contact": technical,
                "organization_contact": organization,
            })
        },
        |world, number| {
            let id = 300_001 + number as u64;
            world.organizations.contains_key(&id).then_some(id).into_iter().collect()
        },
    )
};

fn contact(choose: &mut Chooser<'_>, name: &str) -> Json {
    json!({
        "first_name": name, "last_name": "Example", "email": format!("{name}-{}@example.com", choose.of(&[1, 2])),
        "job_title": choose.maybe(&["SRE"]), "telephone": choose.maybe(&["555-0100", "555-0101"]),
    })
}
