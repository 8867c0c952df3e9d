//! Deletes a custom field, or deactivates it if CertCentral refuses that.

use crate::certcentral::{Error, Id, Session};
use crate::kind::Failure;
use crate::schema::{Json, Model};

use super::{Context, CustomField, messages, path};

impl CustomField {
    /// Deletes the field. If CertCentral refuses that, the field is deactivated, with a warning.
    pub(super) async fn delete_or_deactivate(
        self,
        id: Id,
        api: &Session,
        cx: &mut Context,
    ) -> Result<(), Failure> {
        let refusal = match cx.delete(&path(id)).await {
            Err(Failure::Api { error, .. }) if refuses_deletion(&error) => error,
            result => return result,
        };
        let inactive = Self { is_active: Some(false), ..self };
        if let Err(error) = api.put(&path(id), &Json::Object(inactive.body())).await {
            return Err(Failure::advised(error, messages::not_deactivated(&refusal)));
        }
        cx.report(messages::deactivated(id, &inactive.label, &refusal));
        Ok(())
    }
}

/// Whether CertCentral refuses to delete the field as it is. DigiCert documents no error code for that.
fn refuses_deletion(error: &Error) -> bool {
    matches!(error.status(), Some(400 | 405 | 409 | 422))
}
