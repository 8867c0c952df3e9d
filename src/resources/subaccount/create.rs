//! The one POST that opens a subaccount, and everything that keeps it from being a second one.

use std::path::{Path, PathBuf};

use super::find::list;
use super::{Subaccount, path};
use crate::certcentral::{Answer, Error, KeyAnswer, Session};
use crate::kind::{Context, Failure, import_block};
use crate::recovery::{Begin, Create, Record};
use crate::schema::{Diagnostic, Json, Model};

impl Subaccount {
    /// Opens it, or takes over what an earlier run recorded of opening it.
    pub(super) async fn open(&self, api: &Session, cx: &mut Context) -> Result<KeyAnswer, Failure> {
        // CertCentral asks for this anyway, and so a kill leaves at most one of them in doubt. The search for
        // duplicates is part of it: one that this run is creating must not be taken for somebody else's.
        let _one_at_a_time = cx.exclusive("subaccount").await?;
        let twins = self.duplicates(api, cx).await?;
        let body = Json::Object(self.body());
        let record = match self.begin(&body, api, cx).await? {
            None => None,
            Some(Begin::Fresh { record, unclaimed }) => {
                unclaimed.iter().for_each(|file| self.warn_of_unclaimed(file, cx));
                Some(record)
            }
            Some(Begin::Adopted { answer, file }) => {
                self.warn_of_adoption(&file, cx);
                return Ok(remembered(KeyAnswer::from_bytes(PATH, &answer), cx));
            }
            Some(Begin::Delivered { records }) => return Err(self.delivered(&records).into()),
            Some(Begin::Unfinished { body, file }) => {
                let earlier = Self::from_response(&body)?;
                return Err(earlier.in_doubt(&file, api, cx).await.into());
            }
        };
        if twins.is_empty() {
            return self.post(&body, record, api, cx).await;
        }
        if let Some(record) = record {
            record.discard().await;
        }
        Err(self.refused_for(&twins).into())
    }

    /// Looks for what is on record, and puts the intent there; nothing where there is no `recovery_dir`.
    async fn begin(
        &self,
        body: &Json,
        api: &Session,
        cx: &Context,
    ) -> Result<Option<Begin>, Failure> {
        let Some(journal) = cx.journal() else { return Ok(None) };
        let scope = api.account().await?.id.into();
        let create = Create { scope, path: PATH, subject: &self.organization.name, body };
        let begun = api.unless_stopped(journal.begin(&create)).await?;
        begun.map(Some).map_err(|error| {
            let detail = format!("{error}. Nothing has been sent to CertCentral.");
            Diagnostic::error("Subaccount not recorded, so not opened", detail).into()
        })
    }

    async fn post(
        &self,
        body: &Json,
        mut record: Option<Record>,
        api: &Session,
        cx: &mut Context,
    ) -> Result<KeyAnswer, Failure> {
        let mut writing = None;
        let write = |answer: &[u8]| {
            // An answer that tells nothing would be adopted as nothing.
            if let Some(record) = &mut record
                && KeyAnswer::from_bytes(PATH, answer).is_usable()
            {
                writing = Some(record.answered(answer));
            }
        };
        let answered = api.post_once(PATH, body, write).await;
        let unwritten = match writing {
            Some(writing) => writing.await.err(),
            None => None,
        };
        let error = match answered {
            Ok(made) => {
                if let Some(error) = made.answer.as_ref().and_then(Answer::reported) {
                    self.warn_of_reported(&error, cx);
                }
                if let (Some(error), Some(record)) = (unwritten, record) {
                    self.warn_of_unwritten(&error, record.file(), cx);
                }
                return Ok(remembered(made, cx));
            }
            Err(error) => error,
        };
        if error.effect_unknown() {
            let file = record.as_ref().map(Record::file);
            return Err(self.no_answer(&error, file, api, cx).await.into());
        }
        if let Some(record) = record {
            record.discard().await;
        }
        Err(error.into())
    }

    /// Why a subaccount is not opened that seems to be there already.
    fn refused_for(&self, twins: &[Self]) -> Diagnostic {
        let detail = format!(
            "CertCentral already has {}. A run whose state was lost may have opened it, so no other one has been \
             opened. To manage the one that is there, import it (an api_key it was given once cannot be \
             read again):\n\n{}\n\nIf you want a second one, give it another child_name.",
            list(twins),
            import_block("digicert_subaccount", &twins[0].number()),
        );
        Diagnostic::error("Subaccount exists already", detail)
    }

    /// Why a subaccount is not opened that an earlier run has opened and returned to Terraform.
    fn delivered(&self, records: &[(PathBuf, Vec<u8>)]) -> Diagnostic {
        let (mut ids, mut lines) = (Vec::new(), String::new());
        for (file, answer) in records {
            let id = KeyAnswer::from_bytes(PATH, answer).id;
            let id = id.map_or_else(|| "of unknown ID".to_owned(), |id| id.to_string());
            lines += &format!("\n  subaccount {id}: {}", file.display());
            ids.push(id);
        }
        let detail = format!(
            "An earlier run created {} with the same arguments and returned it to Terraform, so no request was \
             sent. To create another one, use a different child_name. If it is in a Terraform state, a refresh of \
             that state removes its record:\n{lines}\n\nIf it is in no state any more, the record still contains \
             its api_key: to restore it with its api_key, rename the record so that it ends in \".record\" and \
             apply again. Or import it without the api_key, and delete the record:\n\n{}",
            self.description(),
            import_block("digicert_subaccount", ids.first().map_or("", String::as_str)),
        );
        Diagnostic::error("Subaccount exists already", detail)
    }

    /// What to say after a POST that was sent and never answered.
    async fn no_answer(
        &self,
        error: &Error,
        record: Option<&Path>,
        api: &Session,
        cx: &Context,
    ) -> Diagnostic {
        let record = record.map(|file| format!("\n\n{}", delete(file))).unwrap_or_default();
        let detail = format!(
            "The request to open {} was sent, but no usable answer came: {error}. It may have been opened all the \
             same, so it has not been sent again. {}{record}",
            self.description(),
            self.candidates(api, cx).await
        );
        Diagnostic::error("Subaccount may have been opened", detail)
    }

    /// What the list of subaccounts says about a request whose outcome is unknown.
    async fn candidates(&self, api: &Session, cx: &Context) -> String {
        match self.duplicates(api, cx).await {
            Ok(twins) if twins.is_empty() => {
                "The list of subaccounts does not show it so far. Look again after a while: if it is not \
                 there even then, it was not opened, and the apply can be run again."
                    .to_owned()
            }
            Ok(twins) => format!(
                "The list of subaccounts now shows {}. If that is the one, import it:\n\n{}\n\nThe api_key of a \
                 managed subaccount is lost in that case; DigiCert support can give a new one.",
                list(&twins),
                import_block("digicert_subaccount", &twins[0].number())
            ),
            Err(error) => format!("Looking for it in the list of subaccounts failed: {error}."),
        }
    }

    /// Why nothing is opened as long as it is unknown what became of an earlier request, which is this.
    async fn in_doubt(&self, file: &Path, api: &Session, cx: &Context) -> Diagnostic {
        let detail = format!(
            "An earlier run was about to open {}, and ended before an answer was on record. It may have been \
             opened, so nothing has been sent for this organization now. {}\n\n{}",
            self.description(),
            self.candidates(api, cx).await,
            delete(file)
        );
        Diagnostic::error("Subaccount may have been opened", detail)
    }

    fn warn_of_reported(&self, error: &str, cx: &mut Context) {
        let detail = format!(
            "The subaccount for {} is open, but the answer reports an error, too: {error}. Check the \
             subaccount in CertCentral.",
            self.title()
        );
        cx.warn("Subaccount opened with an error", detail);
    }

    fn warn_of_adoption(&self, file: &Path, cx: &mut Context) {
        let detail = format!(
            "An earlier run opened {} and ended before a refresh showed it in the state. Its answer, which is on \
             record in {}, is taken over, and nothing has been sent. The next refresh removes the record.",
            self.description(),
            file.display()
        );
        cx.warn("Subaccount taken over from recovery_dir", detail);
    }

    fn warn_of_unclaimed(&self, file: &Path, cx: &mut Context) {
        let detail = format!(
            "{} has the answer to a request that differs from this one, for the same organization {:?}. If that \
             subaccount is in a state, its next refresh removes the record. If not, the record has the only \
             copy of its api_key: apply once with the arguments as they were, and it is taken over.",
            file.display(),
            self.organization.name
        );
        cx.warn("Recorded subaccount not taken over", detail);
    }

    fn warn_of_unwritten(&self, error: &std::io::Error, file: &Path, cx: &mut Context) {
        let detail = format!(
            "The subaccount for {} is open, but its answer could not be written to {}: {error}. It is only in the \
             state now. Once that is saved, delete the file: until then it stops every apply that opens a \
             subaccount for this organization.",
            self.title(),
            file.display()
        );
        cx.warn("Answer not recorded", detail);
    }
}

/// Notes that this run has it: a configuration may well ask for two that are alike.
fn remembered(made: KeyAnswer, cx: &Context) -> KeyAnswer {
    made.id.into_iter().for_each(|id| cx.note_created(path(id)));
    made
}

fn delete(file: &Path) -> String {
    format!(
        "Once it is settled whether that one is there, and imported or given up, delete {} and run the apply \
         again: as long as the file is there, no subaccount is opened for this organization.",
        file.display()
    )
}

/// <https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/create-subaccount.html>
pub(super) const PATH: &str = "account";
