//! The options of a simulator, mostly for behavior that DigiCert does not document.

mod values;

pub use values::{
    CanceledSpelling, ContainerActivatePath, ContainerAssignments, InviteStatusFilter, RateLimit,
    ServiceUsersPath, SettingsAnswer, SubaccountListKey, SubaccountReadable, TechnicalContact,
    UserManagement,
};

use serde::Deserialize;

/// Behavior that the documentation does not specify, port and API key.
///
/// The defaults are the most likely reading of the documentation. Tests run the others, too.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Port on loopback; 0 selects a free port.
    pub port: u16,
    /// API key of the administrator. If omitted, a random key.
    pub api_key: Option<String>,
    /// Rows in a page when the request names no `limit`.
    pub page_limit_default: usize,
    /// Maximum number of rows in a page, which caps `limit`.
    pub page_limit_max: usize,
    /// IDs in responses are strings of digits instead of integers.
    pub ids_as_strings: bool,
    /// Booleans in responses are 1 and 0.
    pub bools_as_numbers: bool,
    /// Unset fields in responses are `null` instead of absent.
    pub null_for_unset: bool,
    /// E-mail addresses and usernames in responses are in lower case.
    pub lower_case_emails: bool,
    /// `state` and `country` of a subaccount or organization in responses are in lower case, as in
    /// DigiCert's examples.
    pub lower_case_location: bool,
    /// The error code of a missing object is `not_found` instead of, for example, `not_found|user`.
    pub bare_not_found: bool,
    /// Deleting an organization or a custom field returns 200 without a body instead of 204.
    pub deleted_with_ok: bool,
    /// Whether `GET /account` returns the root container, the primary organization and the billing account,
    /// which the documentation does not mention.
    pub account_has_undocumented_fields: bool,
    /// `PUT /account` requires `admin_email`, as an older page says.
    pub admin_email_required: bool,
    /// A `PUT /account` removes the addresses that it omits instead of keeping them.
    pub omitted_account_email_clears: bool,
    /// Whether an empty `admin_email` or `emergency_emails` removes the addresses; otherwise it is refused.
    pub empty_account_email_accepted: bool,
    /// The response to `PUT /account/settings`.
    pub settings_answer: SettingsAnswer,
    /// Whether the account may have subaccounts; otherwise creating one is refused with 403.
    pub subaccounts_enabled: bool,
    /// Key of the array in the list of subaccounts.
    pub subaccount_list_key: SubaccountListKey,
    /// Whether rows of the list of subaccounts have `child_name`.
    pub subaccount_list_has_child_name: bool,
    /// Optional fields in the response to `GET /account/subaccount/{id}`.
    pub subaccount_readable: SubaccountReadable,
    /// `POST /account` returns 200 instead of 201.
    pub subaccount_created_with_ok: bool,
    /// Spelling of the status of a canceled invite.
    pub canceled_spelling: CanceledSpelling,
    /// Spelling of a canceled invite in `filters[status]`. With another one, no invite is found.
    pub invite_status_filter: InviteStatusFilter,
    /// Where users are managed.
    pub user_management: UserManagement,
    /// Usernames are unique over all accounts instead of within one.
    pub usernames_unique_everywhere: bool,
    /// Whether `GET /user/availability/{username}` exists.
    pub username_availability: bool,
    /// Whether rows of `GET /user` have `job_title` and `telephone`. The documented rows have neither.
    pub user_list_has_optional_fields: bool,
    /// Whether `GET /user` lists service users, too.
    pub user_list_has_service_users: bool,
    /// Whether `GET /user` has the filter `filters[status]`; otherwise it is ignored.
    pub user_list_status_filter: bool,
    /// Format of the elements of a user's `container_assignments`.
    pub container_assignments: ContainerAssignments,
    /// A `POST /user` whose `container_id_assignments` is empty or left out limits the new user as the user
    /// of the key is limited, instead of not at all.
    pub new_users_inherit_limits: bool,
    /// A `PUT /user/{id}` without `is_saml_sso_only` turns it off instead of keeping it.
    pub omitted_saml_sso_only_resets: bool,
    /// Path of the list of service users. The other one does not exist.
    pub service_users_path: ServiceUsersPath,
    /// Whether rows of the list of service users have `container_assignments`.
    pub service_user_list_has_assignments: bool,
    /// Whether `PUT /user/{id}/container-assignments` changes service users, too; otherwise that is refused
    /// with 400.
    pub service_user_containers_changeable: bool,
    /// Whether `GET /key` lists revoked keys, too.
    pub key_list_has_revoked: bool,
    /// Whether `GET /key` has the filter `user_id`; otherwise it is ignored.
    pub key_list_user_filter: bool,
    /// Keys without a restriction are returned with `restricted_to_role_id` 0 instead of without it.
    pub unrestricted_key_has_role: bool,
    /// Whether a key with a restriction is refused where its restriction does not allow the request.
    pub key_restrictions_enforced: bool,
    /// `POST /key/user/{id}` returns no `api_key`.
    pub key_created_without_secret: bool,
    /// A `PUT /key/{id}` without `restricted_to_role_id` removes the restriction instead of keeping it.
    pub omitted_key_restriction_resets: bool,
    /// Whether a revoked key can be activated again; otherwise that is refused with 400.
    pub revoked_key_can_be_activated: bool,
    /// Whether the account may have divisions; otherwise writes of containers are refused with 403.
    pub divisions_enabled: bool,
    /// Whether rows of `GET /container` have `description`, `allowed_domain_names` and
    /// `organization_assignments`.
    pub container_list_has_details: bool,
    /// Whether `GET /container` lists inactive containers, too.
    pub container_list_has_inactive: bool,
    /// A container without a limit to domains has an empty `allowed_domain_names` instead of none.
    pub empty_list_for_all_domains: bool,
    /// `POST /container/{id}/children` returns 200 instead of 201.
    pub container_created_with_ok: bool,
    /// Updates of a container's organizations and domains return 200 without a body instead of 204.
    pub container_assigned_with_ok: bool,
    /// Names of containers are unique below one container, also among inactive ones.
    pub container_names_unique: bool,
    /// Path that activates a container. The other one does not exist.
    pub container_activate_path: ContainerActivatePath,
    /// A `PUT /container/{id}` without `description` removes it instead of keeping it.
    pub omitted_container_description_clears: bool,
    /// Whether an empty `description` in `PUT /container/{id}` removes it; otherwise it is refused.
    pub empty_container_description_clears: bool,
    /// Where `GET /organization/{id}` returns the technical contact.
    pub technical_contact: TechnicalContact,
    /// Whether contacts in responses have `language_id`.
    pub language_id_readable: bool,
    /// A `POST /organization` with the name of an existing organization returns that one instead of being
    /// refused, as an older page says.
    pub duplicate_organization_reused: bool,
    /// Whether `POST /organization` accepts a country in upper case.
    pub upper_case_country_accepted: bool,
    /// Every validation requires `verified_users`, as one page says, instead of `ev`, `cs` and `ev_cs` only.
    pub verified_users_always_required: bool,
    /// A pending validation is returned with `date_created`, as another one is.
    pub pending_validation_has_date: bool,
    /// Submitting an active validation again makes it pending instead of keeping it.
    pub resubmitted_validation_is_pending: bool,
    /// Whether the account may have a webhook; otherwise its requests are refused with 403.
    pub webhooks_enabled: bool,
    /// CertCentral does not reach the endpoint of a webhook: writes that need it are refused with 400.
    pub webhook_endpoint_unreachable: bool,
    /// Events of a webhook whose request has none.
    pub webhook_default_events: Vec<String>,
    /// Settings of a webhook that were never sent are returned with a default instead of being absent.
    pub webhook_settings_have_defaults: bool,
    /// A `PUT /webhook/{id}` resets events and settings that it omits instead of keeping them.
    pub omitted_webhook_fields_reset: bool,
    /// Whether an active webhook can be activated, and an inactive one deactivated.
    pub webhook_actions_repeatable: bool,
    /// Whether a webhook can be deactivated that was not activated before.
    pub pending_webhook_can_be_deactivated: bool,
    /// Whether a custom field is active if its request has no `is_active`.
    pub custom_field_active_by_default: bool,
    /// Labels of custom fields are unique.
    pub custom_field_labels_unique: bool,
    /// Custom fields are used by orders: deleting one is refused with 400.
    pub custom_field_in_use: bool,
    /// `POST /account/metadata` returns 204 instead of 201.
    pub custom_field_created_with_no_content: bool,
    /// `PUT /account/metadata/{id}` returns the field instead of 204.
    pub custom_field_update_returns_field: bool,
    /// A `PUT /account/metadata/{id}` resets the values that it omits instead of keeping them.
    pub omitted_custom_field_values_reset: bool,
    /// Number of requests per key in a rolling window; more are refused with 429.
    pub rate_limit: Option<RateLimit>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            api_key: None,
            page_limit_default: 1000,
            page_limit_max: 1000,
            ids_as_strings: false,
            bools_as_numbers: false,
            null_for_unset: false,
            lower_case_emails: false,
            lower_case_location: false,
            bare_not_found: false,
            deleted_with_ok: false,
            account_has_undocumented_fields: true,
            admin_email_required: false,
            omitted_account_email_clears: false,
            empty_account_email_accepted: false,
            settings_answer: SettingsAnswer::NoContent,
            subaccounts_enabled: true,
            subaccount_list_key: SubaccountListKey::Subaccounts,
            subaccount_list_has_child_name: false,
            subaccount_readable: SubaccountReadable::default(),
            subaccount_created_with_ok: false,
            canceled_spelling: CanceledSpelling::Canceled,
            invite_status_filter: InviteStatusFilter::Cancelled,
            user_management: UserManagement::CertCentral,
            usernames_unique_everywhere: false,
            username_availability: true,
            user_list_has_optional_fields: true,
            user_list_has_service_users: false,
            user_list_status_filter: true,
            container_assignments: ContainerAssignments::Objects,
            new_users_inherit_limits: false,
            omitted_saml_sso_only_resets: false,
            service_users_path: ServiceUsersPath::ApiOnly,
            service_user_list_has_assignments: true,
            service_user_containers_changeable: true,
            key_list_has_revoked: true,
            key_list_user_filter: true,
            unrestricted_key_has_role: false,
            key_restrictions_enforced: true,
            key_created_without_secret: false,
            omitted_key_restriction_resets: false,
            revoked_key_can_be_activated: true,
            divisions_enabled: true,
            container_list_has_details: true,
            container_list_has_inactive: true,
            empty_list_for_all_domains: false,
            container_created_with_ok: false,
            container_assigned_with_ok: false,
            container_names_unique: false,
            container_activate_path: ContainerActivatePath::Activate,
            omitted_container_description_clears: false,
            empty_container_description_clears: false,
            technical_contact: TechnicalContact::Hidden,
            language_id_readable: false,
            duplicate_organization_reused: false,
            upper_case_country_accepted: true,
            verified_users_always_required: false,
            pending_validation_has_date: false,
            resubmitted_validation_is_pending: true,
            webhooks_enabled: true,
            webhook_endpoint_unreachable: false,
            webhook_default_events: vec!["certificate_issued".into()],
            webhook_settings_have_defaults: false,
            omitted_webhook_fields_reset: false,
            webhook_actions_repeatable: true,
            pending_webhook_can_be_deactivated: false,
            custom_field_active_by_default: true,
            custom_field_labels_unique: false,
            custom_field_in_use: false,
            custom_field_created_with_no_content: false,
            custom_field_update_returns_field: false,
            omitted_custom_field_values_reset: false,
            rate_limit: None,
        }
    }
}
