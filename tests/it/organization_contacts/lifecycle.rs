//! The lifecycle table of contacts, for each form of the technical contact in responses.

use super::*;
use crate::fixtures::respelled;

/// Where no answer shows a technical contact or a language.
const HIDDEN: Row = Row {
    resource: "digicert_organization_contacts",
    create: (
        block!(organization!("Ada", "Example", "Ada@example.com", "")),
        &[concat!(
            r#"PUT /organization/300001/contact {"contacts":[{"contact_type":"organization_contact","#,
            r#""email":"Ada@example.com","first_name":"Ada","last_name":"Example"}]}"#
        )],
    ),
    updates: &[
        (
            block!(organization!(
                "Ada",
                "Example",
                "Ada@example.com",
                "job_title = \"PKI\"\ntelephone = \"555-0100\"\ntelephone_extension = \"12\"\nlanguage_id = \"1\""
            )),
            &[put!(
                r#"{"contact_type":"organization_contact","email":"Ada@example.com","first_name":"Ada","job_title":"PKI","language_id":"1","last_name":"Example","telephone":"555-0100","telephone_extension":"12"}"#
            )],
        ),
        // What is left out of a contact is erased; empty text is the same.
        (
            block!(organization!("Ada", "Example", "Ada@example.com", "job_title = \"\"")),
            &[put!(
                r#"{"contact_type":"organization_contact","email":"Ada@example.com","first_name":"Ada","last_name":"Example"}"#
            )],
        ),
        (
            block!(organization!("Grace", "Example", "Ada@example.com", "")),
            &[put!(
                r#"{"contact_type":"organization_contact","email":"Ada@example.com","first_name":"Grace","last_name":"Example"}"#
            )],
        ),
        (
            block!(organization!("Grace", "Hopper", "Ada@example.com", "")),
            &[put!(
                r#"{"contact_type":"organization_contact","email":"Ada@example.com","first_name":"Grace","last_name":"Hopper"}"#
            )],
        ),
        // The contact that does not change is not sent.
        (
            block!(
                organization!("Grace", "Hopper", "Ada@example.com", ""),
                technical!("Bo", "Example", "bo@example.com", "")
            ),
            &[put!(
                r#"{"contact_type":"technical_contact","email":"bo@example.com","first_name":"Bo","last_name":"Example"}"#
            )],
        ),
        (
            block!(
                organization!("Grace", "Hopper", "Ada@example.com", ""),
                technical!("Bo", "Example", "bo@example.com", "job_title = \"SRE\"")
            ),
            &[put!(
                r#"{"contact_type":"technical_contact","email":"bo@example.com","first_name":"Bo","job_title":"SRE","last_name":"Example"}"#
            )],
        ),
        (
            block!(organization!("Grace", "Hopper", "Ada@example.com", "")),
            &[put!(r#"{"contact_type":"technical_contact"}"#)],
        ),
        // Letter case of an address is no change, not even beside one.
        (
            block!(
                organization!(
                    "Grace",
                    "Hopper",
                    "ADA@example.com",
                    "job_title = \"Admiral\"\nlanguage_id = \"1\""
                ),
                technical!("Bo", "Example", "Bo@example.com", "telephone = \"555-0101\"")
            ),
            &[put!(
                r#"{"contact_type":"organization_contact","email":"Ada@example.com","first_name":"Grace","job_title":"Admiral","language_id":"1","last_name":"Hopper"}"#,
                r#"{"contact_type":"technical_contact","email":"Bo@example.com","first_name":"Bo","last_name":"Example","telephone":"555-0101"}"#
            )],
        ),
    ],
    respelled: block!(
        technical!("Bo", "Example", "bO@Example.com", "telephone = \"555-0101\""),
        organization!(
            "Grace",
            "Hopper",
            "aDa@Example.com",
            "job_title = \"Admiral\"\nlanguage_id = \"1\""
        )
    ),
    drift: &[
        ("organization_contact.first_name", |it| organization(it).first_name = "Eve".into()),
        ("organization_contact.last_name", |it| organization(it).last_name = "Drift".into()),
        ("organization_contact.email", |it| organization(it).email = "eve@example.com".into()),
        ("organization_contact.job_title", |it| organization(it).job_title = None),
        ("organization_contact.telephone", |it| organization(it).telephone = Some("1".into())),
        ("organization_contact.telephone_extension", |it| {
            organization(it).telephone_extension = Some("1".into());
        }),
        ("organization_contact", |it| first(it).organization_contact = None),
    ],
    unnoticed: &[
        |it| technical(it).first_name = "Eve".into(),
        |it| first(it).technical_contact = None,
        |it| organization(it).language_id = None,
        |it| organization(it).email = "ADA@EXAMPLE.COM".into(),
        |it| first(it).name = "Example Renamed".into(),
    ],
    removed: (
        |it| drop(it.organizations.remove(&300_001)),
        "digicert_organization_contacts 300001 does not exist at CertCentral any more",
    ),
    import_id: |state| state["id"].as_str().expect("an id").to_owned(),
    after_import: &[put!(
        r#"{"contact_type":"organization_contact","email":"ADA@example.com","first_name":"Grace","job_title":"Admiral","language_id":"1","last_name":"Hopper"}"#,
        r#"{"contact_type":"technical_contact","email":"Bo@example.com","first_name":"Bo","last_name":"Example","telephone":"555-0101"}"#
    )],
    lost_attribute: "id",
    destroy: &[put!(r#"{"contact_type":"technical_contact"}"#)],
    left_behind: Some("Organization contact stays"),
};

/// Where answers show everything.
const SHOWN: Row = Row {
    drift: &[
        ("organization_contact.language_id", |it| organization(it).language_id = Some("2".into())),
        ("technical_contact.first_name", |it| technical(it).first_name = "Eve".into()),
        ("technical_contact.last_name", |it| technical(it).last_name = "Drift".into()),
        ("technical_contact.email", |it| technical(it).email = "eve@example.com".into()),
        ("technical_contact.job_title", |it| technical(it).job_title = Some("Boss".into())),
        ("technical_contact.telephone", |it| technical(it).telephone = None),
        ("technical_contact.telephone_extension", |it| {
            technical(it).telephone_extension = Some("1".into());
        }),
        ("technical_contact", |it| first(it).technical_contact = None),
        ("organization_contact", |it| first(it).organization_contact = None),
    ],
    unnoticed: &[|it| technical(it).email = "BO@EXAMPLE.COM".into()],
    after_import: &[],
    ..HIDDEN
};

#[test]
fn contacts_lifecycle_where_no_answer_shows_the_technical_contact() {
    HIDDEN.live(Options::default());
}

#[test]
fn contacts_lifecycle_where_a_field_shows_the_technical_contact() {
    SHOWN.live(Options {
        technical_contact: TechnicalContact::Object,
        language_id_readable: true,
        ..Options::default()
    });
}

#[test]
fn contacts_lifecycle_where_a_list_shows_the_technical_contact_and_everything_is_spelled_otherwise()
{
    SHOWN.live(Options {
        technical_contact: TechnicalContact::List,
        language_id_readable: true,
        lower_case_emails: true,
        ..respelled()
    });
}
