//! Activates and deactivates a webhook.
//!
//! CertCentral activates a webhook only if its endpoint has answered a challenge: the answer is a token that only
//! the endpoint receives. So the provider can only ask for the challenge, and try to activate the webhook in a
//! later apply.

use crate::certcentral::{Error, Id, Session};
use crate::kind::{Context, Failure};
use crate::schema::Json;

use super::encoding::{ACTIVE, INACTIVE, PENDING};
use super::{Webhook, messages, path};

impl Webhook {
    /// Activates or deactivates the webhook, as configured. Returns its status afterwards.
    ///
    /// A `new` endpoint cannot have answered a challenge.
    pub(super) async fn settle(
        &self,
        id: Id,
        status: &str,
        new: bool,
        api: &Session,
        cx: &mut Context,
    ) -> Result<String, Error> {
        match (self.is_to_be_active(), status) {
            (true, ACTIVE) | (false, PENDING | INACTIVE) => return Ok(status.to_owned()),
            (false, _) => {
                return match act(id, "deactivate", api).await {
                    Ok(()) => Ok(INACTIVE.to_owned()),
                    // It is not active, and the next read finds its status.
                    Err(error) if is_untimely(&error) => Ok(status.to_owned()),
                    Err(error) => Err(error),
                };
            }
            (true, _) => {}
        }
        if !new {
            match act(id, "activate", api).await {
                Ok(()) => return Ok(ACTIVE.to_owned()),
                Err(error) if is_untimely(&error) => {}
                Err(error) => return Err(error),
            }
        }
        act(id, "send-challenge", api).await?;
        cx.report(messages::challenge_sent(id, &self.endpoint));
        Ok(status.to_owned())
    }
}

/// Deactivates the webhook, which CertCentral cannot delete. One that is not active needs no request, but its
/// status in the state may be out of date.
pub(super) async fn deactivate_for_destroy(id: Id, cx: &mut Context) -> Result<(), Failure> {
    match act(id, "deactivate", &cx.api()?).await {
        Err(error) if is_untimely(&error) => Ok(()),
        Err(error) if error.is_not_found() => cx.check_gone(&format!("webhook {id}")).await,
        result => Ok(result?),
    }
}

/// <https://dev.digicert.com/certcentral-apis/services-api/webhooks/send-challenge-token.html>,
/// <https://dev.digicert.com/certcentral-apis/services-api/webhooks/deactivate-webhook.html>
async fn act(id: Id, action: &str, api: &Session) -> Result<(), Error> {
    api.put(&format!("{}/{action}", path(id)), &Json::Null).await.map(drop)
}

/// Whether CertCentral refuses an action in the current status of the webhook: an activation before the endpoint
/// has answered, or the deactivation of a webhook that is not active.
fn is_untimely(error: &Error) -> bool {
    error.has_code("webhook_invalid_action")
}
