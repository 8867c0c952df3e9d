//! What API keys and their users may do.

use axum::http::Method;

use crate::call::Call;
use crate::reply::Refusal;
use crate::world::World;

/// Access role of administrators.
const ADMINISTRATOR: u64 = 1;

/// Refuses a request unless the user of the key is an administrator.
pub(crate) fn check_administrator(world: &World, call: &Call<'_>) -> Result<(), Refusal> {
    let me = world.users.get(&call.caller.user_id);
    if me.is_some_and(|it| it.access_role_id == ADMINISTRATOR) {
        return Ok(());
    }
    Err(Refusal::missing_permission("Only an administrator may send this request."))
}

/// Whether a key that is restricted to this role may send a request,
/// <https://dev.digicert.com/zh-cn/glossary/>. 100 is for orders, which the simulator does not have.
pub(crate) fn allows(role: u64, method: &Method, path: &str) -> bool {
    let is_below = |start: &str| {
        path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match role {
        0 => true,
        101 => is_below("/organization"),
        102 => method == Method::GET,
        103 => is_below("/user") || is_below("/service-user"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restricted_key_may_send_some_requests() {
        for (role, method, path, is_allowed) in [
            (0, Method::PUT, "/account", true),
            (100, Method::GET, "/account", false),
            (101, Method::POST, "/organization/1/validation", true),
            (101, Method::GET, "/organizations", false),
            (102, Method::GET, "/user", true),
            (102, Method::POST, "/user", false),
            (103, Method::DELETE, "/user/1", true),
            (103, Method::GET, "/organization", false),
        ] {
            assert_eq!(allows(role, &method, path), is_allowed, "{role} {method} {path}");
        }
    }
}
