//! Blocks of one user, and the requests that they cause.

pub(super) const CREATES: &str = concat!(
    r#"POST /user {"access_roles":[{"id":5}],"email":"Ana@example.com","first_name":"Ana","#,
    r#""last_name":"Example","username":"Ana@example.com"}"#
);

pub(super) const SINGLE_SIGN_ON: &str = concat!(
    r#"PUT /user/{id} {"email":"ann@example.com","first_name":"Ann","is_saml_sso_only":true,"#,
    r#""job_title":"SRE","last_name":"Sample","telephone":"555-0100","username":"ann"}"#
);

pub(super) const LEAST: &str = r#"
    username       = "Ana@example.com"
    first_name     = "Ana"
    last_name      = "Example"
    email          = "Ana@example.com"
    access_role_id = "5""#;

pub(super) const MOVED: &str = r#"
    username       = "Ana@example.com"
    first_name     = "Ana"
    last_name      = "Example"
    email          = "Ana@example.com"
    access_role_id = "5"
    container_id   = "1002""#;

macro_rules! ann {
    ($more:literal) => {
        concat!(
            r#"
            username     = "ann"
            first_name   = "Ann"
            last_name    = "Sample"
            email        = "ann@example.com"
            container_id = "1002"
            "#,
            $more
        )
    };
}

pub(super) const PROFILE: &str =
    ann!("access_role_id = \"5\"\njob_title = \"SRE\"\ntelephone = \"555-0100\"");
pub(super) const CLEARED: &str = ann!("access_role_id = \"5\"");
pub(super) const ALL_AT_ONCE: &str = ann!(
    r#"
    job_title                = "SRE"
    telephone                = "555-0100"
    access_role_id           = "4"
    container_id_assignments = ["1003", "1002"]"#
);
pub(super) const ROLE: &str = ann!(
    r#"
    job_title                = "SRE"
    telephone                = "555-0100"
    access_role_id           = "1"
    container_id_assignments = ["1002", "1003"]"#
);
pub(super) const FEWER: &str = ann!(
    r#"
    job_title                = "SRE"
    telephone                = "555-0100"
    access_role_id           = "1"
    container_id_assignments = ["1003"]"#
);
pub(super) const WHOLE: &str = ann!(
    r#"
    job_title                = "SRE"
    telephone                = "555-0100"
    access_role_id           = "1"
    container_id_assignments = ["1002", "1003"]
    is_saml_sso_only         = true"#
);
pub(super) const RESPELLED: &str = r#"
    username                 = "ANN"
    first_name               = "Ann"
    last_name                = "Sample"
    email                    = "Ann@EXAMPLE.com"
    container_id             = "1002"
    job_title                = "SRE"
    telephone                = "555-0100"
    access_role_id           = "1"
    container_id_assignments = ["1003", "1002", "1003"]
    is_saml_sso_only         = true"#;
