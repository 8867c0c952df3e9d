//! The secret of a webhook: `secret`, which the state has, or `secret_wo`, which nothing has.

use crate::schema::{Diagnostic, Diagnostics, Path, Value};

use super::Webhook;

/// The arguments that conflict or require each other. Unknown values are not judged.
pub(super) fn validate(config: &Value, diagnostics: &mut Diagnostics) {
    let is_null = |name: &str| config.attribute(name).is_null();
    let is_set = |name: &str| !is_null(name) && !config.attribute(name).is_unknown();
    let mut refuse = |summary: &str, detail: &str, name| {
        diagnostics.push(Diagnostic::error(summary, detail).at(Path::of(name)));
    };
    if is_set(SECRET) && is_set(SECRET_WO) {
        let detail = "Set only one of `secret` and `secret_wo`: both are set.";
        refuse("Conflicting arguments", detail, SECRET_WO);
    }
    if is_set(SECRET_WO) && is_null(VERSION) {
        let detail = "`secret_wo` requires `secret_wo_version`, because Terraform cannot detect that a write-only \
                      argument changes. Set it to any number, for example 1, and change it together with \
                      `secret_wo`.";
        refuse("Missing argument", detail, VERSION);
    }
    if is_set(VERSION) && is_null(SECRET_WO) {
        let detail = "`secret_wo_version` requires `secret_wo`. Set `secret_wo`, or remove `secret_wo_version`.";
        refuse("Missing argument", detail, SECRET_WO);
    }
}

impl Webhook {
    /// The secret to send with a request, if any: an empty one removes it.
    pub(super) fn secret_to_send(&self, prior: Option<&Self>) -> Option<&str> {
        let prior_secret = prior.and_then(|it| it.secret.as_ref());
        let prior_version = prior.and_then(|it| it.secret_wo_version);
        let had_one = prior_secret.is_some() || prior_version.is_some();
        match (&self.secret, &self.secret_wo) {
            (Some(secret), _) => (prior_secret != Some(secret)).then(|| secret.expose()),
            (None, Some(secret)) => {
                let is_new = prior_secret.is_some() || prior_version != self.secret_wo_version;
                is_new.then(|| secret.expose())
            }
            (None, None) => had_one.then_some(""),
        }
    }
}

const SECRET: &str = "secret";

const SECRET_WO: &str = "secret_wo";

const VERSION: &str = "secret_wo_version";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn a_secret_is_sent_when_it_or_its_version_changes() {
        let webhook = |secret: &str, write_only: &str, version: i64| {
            let secret_of = |text: &str| Some(Secret::new(text)).filter(|_| !text.is_empty());
            Webhook {
                secret: secret_of(secret),
                secret_wo: secret_of(write_only),
                secret_wo_version: Some(version).filter(|it| *it > 0),
                ..Webhook::default()
            }
        };
        for (planned, prior, sent) in [
            (webhook("", "", 0), None, None),
            (webhook("first", "", 0), None, Some("first")),
            (webhook("", "hidden", 1), None, Some("hidden")),
            (webhook("first", "", 0), Some(webhook("first", "", 0)), None),
            (webhook("second", "", 0), Some(webhook("first", "", 0)), Some("second")),
            (webhook("", "", 0), Some(webhook("first", "", 0)), Some("")),
            (webhook("", "hidden", 1), Some(webhook("", "", 1)), None),
            (webhook("", "hidden", 2), Some(webhook("", "", 1)), Some("hidden")),
            (webhook("", "hidden", 1), Some(webhook("first", "", 0)), Some("hidden")),
            (webhook("first", "", 0), Some(webhook("", "", 1)), Some("first")),
            (webhook("", "", 0), Some(webhook("", "", 1)), Some("")),
            (webhook("", "", 0), Some(webhook("", "", 0)), None),
        ] {
            assert_eq!(planned.secret_to_send(prior.as_ref()), sent);
        }
    }
}
