//! The data sources, one file each: what is looked up, and by which arguments.
//!
//! The attributes of an object are declared once, by its resource
//! ([`Block::looked_up`](crate::schema::Block::looked_up)). A data source in the plural lists all objects that
//! match its filters, and one in the singular looks up exactly one.

pub mod access_role;
pub mod access_roles;
pub mod account;
pub mod api_keys;
pub mod current_user;
pub mod division;
pub mod divisions;
mod found;
pub mod organization;
pub mod organizations;
mod search;
pub mod service_users;
pub mod subaccount;
pub mod subaccount_invites;
pub mod subaccounts;
pub mod user;
pub mod users;

use crate::kind::{AnyDataSource, AnyList, Kind};
use crate::resources::{
    api_key::ApiKey, division::Division, organization::Organization,
    organization_contacts::OrganizationContacts, service_user::ServiceUser, subaccount::Subaccount,
    user::User,
};

/// All data sources.
pub static DATA_SOURCES: &[&dyn AnyDataSource] = &[
    Kind::<access_role::AccessRoleDataSource>::REF,
    Kind::<access_roles::AccessRolesDataSource>::REF,
    Kind::<account::AccountDataSource>::REF,
    Kind::<api_keys::ApiKeysDataSource>::REF,
    Kind::<current_user::CurrentUserDataSource>::REF,
    Kind::<division::DivisionDataSource>::REF,
    Kind::<divisions::DivisionsDataSource>::REF,
    Kind::<organization::OrganizationDataSource>::REF,
    Kind::<organizations::OrganizationsDataSource>::REF,
    Kind::<service_users::ServiceUsersDataSource>::REF,
    Kind::<subaccount::SubaccountDataSource>::REF,
    Kind::<subaccount_invites::SubaccountInvitesDataSource>::REF,
    Kind::<subaccounts::SubaccountsDataSource>::REF,
    Kind::<user::UserDataSource>::REF,
    Kind::<users::UsersDataSource>::REF,
];

/// All list resources. Each takes the filters of the data source in the plural, in whose file it is.
pub static LISTS: &[&dyn AnyList] = &[
    Kind::<ApiKey>::REF,
    Kind::<Division>::REF,
    Kind::<Organization>::REF,
    Kind::<OrganizationContacts>::REF,
    Kind::<ServiceUser>::REF,
    Kind::<Subaccount>::REF,
    Kind::<User>::REF,
];
