//! Messages of `digicert_webhook`.

use crate::certcentral::{Error, Id, printable};
use crate::kind::Failure;
use crate::resources::import::nothing_found;
use crate::schema::{Diagnostic, Path};

/// The account had a webhook.
pub(super) fn adopted(id: Id, endpoint: &str) -> Diagnostic {
    let detail = format!(
        "The account has a webhook, {id} with the endpoint {:?}, and cannot have a second one. It was adopted: \
         the configured arguments have replaced its values. Its secret is kept if none is configured.",
        printable(endpoint)
    );
    Diagnostic::warning("Webhook adopted", detail)
}

/// Two resources of this run want to be the webhook of the account.
pub(super) fn declared_twice(id: Id) -> Diagnostic {
    let detail = format!(
        "Another digicert_webhook of this configuration manages webhook {id}, and an account has at most one webhook. \
         Remove one of the resources. If the resource was renamed, add a `moved` block."
    );
    Diagnostic::error("Multiple webhooks", detail)
}

/// The list has the webhook that a request without a usable response created.
pub(super) fn found(id: Id, endpoint: &str, error: &Error) -> Diagnostic {
    let detail = format!(
        "No usable response to the request to create the webhook for {endpoint:?} was received: {error}. The account \
         has this webhook now, with the ID {id}. The request was not repeated."
    );
    Diagnostic::warning("Webhook found", detail)
}

/// No usable response was received, and the webhook was not found.
pub(super) fn maybe_created(endpoint: &str, error: &Error, is_listed: bool) -> Diagnostic {
    let looked = match is_listed {
        true => "no webhook with this endpoint was found afterwards",
        false => "reading the webhook afterwards failed, too",
    };
    let detail = format!(
        "The webhook for {endpoint:?} may have been created: the request was sent, but no usable response was \
         received: {error}. The request was not repeated, and {looked}. Apply again: an existing webhook is adopted."
    );
    Diagnostic::error("Webhook may have been created", detail)
}

/// The response about the new webhook reports an error, too.
pub(super) fn reported(id: Id, reported: &str) -> Diagnostic {
    let detail =
        format!("Webhook {id} was created, but the response also contains an error: {reported}.");
    Diagnostic::warning("Webhook created with an error", detail)
}

/// The new webhook was not read.
pub(super) fn not_read_yet(id: Id, failure: Option<Failure>) -> Diagnostic {
    let reason = match failure {
        Some(Failure::Api { error, .. }) => format!("reading it failed: {error}"),
        _ => "CertCentral does not list it yet".to_owned(),
    };
    let detail = format!(
        "Webhook {id} was created, but {reason}. Values that CertCentral sets are null until the next refresh."
    );
    Diagnostic::warning("Webhook not read yet", detail)
}

/// The new webhook could not be activated or deactivated.
pub(super) fn not_settled(id: Id, activate: bool, error: &Error) -> Diagnostic {
    let step = if activate { "preparing its activation" } else { "deactivating it" };
    let detail = format!(
        "Webhook {id} has the configured values, but {step} failed: {error}. The next plan shows what is left to do; \
         apply it."
    );
    Diagnostic::warning("Webhook not activated or deactivated", detail)
}

/// What the endpoint must do now.
pub(super) fn challenge_sent(id: Id, endpoint: &str) -> Diagnostic {
    let detail = format!(
        "Webhook {id} is not active yet. CertCentral has sent a challenge with a token to {endpoint:?}. Within 30 \
         minutes, send this token to CertCentral: `PUT /webhook/{id}/check-challenge` with the body \
         `{{\"token\": \"…\"}}`. Then apply again: the plan activates the webhook."
    );
    Diagnostic::warning("Webhook not active yet", detail)
}

/// What the plan of a pending webhook leads to.
pub(super) fn still_pending() -> Diagnostic {
    let detail = "The webhook is pending. Applying this plan activates it if its endpoint has answered the challenge, \
                  that is, if the token has been sent to CertCentral with `PUT /webhook/{id}/check-challenge`. \
                  Otherwise another challenge is sent.";
    Diagnostic::warning("Webhook not active yet", detail)
}

/// What the plan of another endpoint leads to.
pub(super) fn endpoint_changes() -> Diagnostic {
    let detail = "Changing `endpoint` makes the webhook pending: CertCentral sends no events until the new endpoint \
                  has answered a challenge and the webhook was activated again. Applying this plan sends the \
                  challenge.";
    Diagnostic::warning("Webhook to be activated again", detail)
}

/// A destroy does not delete the webhook.
pub(super) fn stays(id: Option<Id>) -> Diagnostic {
    let id = id.map(|id| format!(" {id}")).unwrap_or_default();
    let detail = format!(
        "CertCentral cannot delete a webhook. Destroying digicert_webhook{id} deactivates it. CertCentral keeps its \
         endpoint and its secret."
    );
    Diagnostic::warning("Webhook stays", detail)
}

/// CertCentral rejected the webhook.
pub(super) fn rejected(error: Error) -> Failure {
    if ["webhook_invalid_endpoint", "webhook_endpoint_err"].iter().any(|it| error.has_code(it)) {
        let detail = format!(
            "CertCentral does not accept the endpoint: {error}. The endpoint must be an HTTPS address that CertCentral \
             can reach from the internet. Nothing was changed."
        );
        let problem = Diagnostic::error("Endpoint not accepted", detail);
        return problem.at(Path::of("endpoint")).into();
    }
    if error.has_code("webhook_configured_already") {
        return Failure::advised(error, "Apply again: the existing webhook is then adopted.");
    }
    if error.is_not_found() {
        let hint = "The webhook was not found. If it was deleted, run the plan again: it creates the webhook.";
        return Failure::advised(error, hint);
    }
    error.into()
}

pub(super) fn not_found(id: Id) -> Diagnostic {
    let hint = "`GET /webhook` returns the webhook of the account.";
    nothing_found("webhook", "ID", &id.to_string(), hint)
}

/// The state has no ID.
pub(super) fn without_id() -> Diagnostic {
    let detail = "The webhook has no ID in the state, so it cannot be read or changed. Remove the resource from the \
                  state with `terraform state rm` and apply again: the existing webhook is then adopted.";
    Diagnostic::error("Webhook without an ID", detail)
}
