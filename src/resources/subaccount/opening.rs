//! The one POST that opens a subaccount, and everything that keeps it from being a second one.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::{Subaccount, fetch, list};
use crate::certcentral::{Answer, Error, Id, KeyAnswer, Session};
use crate::recovery::{Begin, Create, Record};
use crate::resource::{Context, Failure, import_block};
use crate::schema::{Diagnostic, Json, Model};

impl Subaccount {
    /// Opens it, or takes over what an earlier run recorded of opening it.
    pub(super) async fn open(&self, api: &Session, cx: &mut Context) -> Result<KeyAnswer, Failure> {
        let twins = self.twins(api).await?;
        let body = Json::Object(self.body());
        // CertCentral asks for this anyway, and so a kill leaves at most one of them in doubt.
        let _one_at_a_time = api.unless_stopped(OPENING.lock()).await?;
        let record = match self.begin(&body, api, cx).await? {
            None => None,
            Some(Begin::Fresh { record, unclaimed }) => {
                unclaimed.iter().for_each(|file| self.warn_of_unclaimed(file, cx));
                Some(record)
            }
            Some(Begin::Adopted { answer, file }) => {
                self.warn_of_adoption(&file, cx);
                return Ok(remembered(KeyAnswer::from_bytes(PATH, &answer)));
            }
            Some(Begin::Unfinished { body, file }) => {
                let earlier = Self::from_answer(&body);
                return Err(earlier.in_doubt(&file, api).await.into());
            }
        };
        if twins.is_empty() {
            return self.post(&body, record, api, cx).await;
        }
        if let Some(record) = record {
            record.refused();
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
        let account = api.account().await?.id.into();
        let begun = journal.begin(&Create { account, organization: &self.organization.name, body });
        begun.map(Some).map_err(|problem| {
            let detail = format!("{problem}. Nothing has been sent to CertCentral.");
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
        let mut unwritten = None;
        let write = |answer: &[u8]| {
            // An answer that tells nothing would be adopted as nothing.
            if let Some(record) = &mut record
                && KeyAnswer::from_bytes(PATH, answer).is_usable()
            {
                unwritten = record.answered(answer).err();
            }
        };
        let answered = api.post_once(PATH, body, write).await;
        let error = match answered {
            Ok(made) => {
                if let Some(error) = made.answer.as_ref().and_then(Answer::reported) {
                    self.warn_of_reported(&error, cx);
                }
                if let (Some(error), Some(record)) = (unwritten, record) {
                    self.warn_of_unwritten(&error, record.file(), cx);
                }
                return Ok(remembered(made));
            }
            Err(error) => error,
        };
        if error.effect_unknown() {
            let file = record.as_ref().map(Record::file);
            return Err(self.no_answer(&error, file, api).await.into());
        }
        if let Some(record) = record {
            record.refused();
        }
        Err(error.into())
    }

    /// Subaccounts of the same type, name and first user that this process did not open itself.
    ///
    /// The list carries neither name nor user, so each of the organization's is read.
    pub(super) async fn twins(&self, api: &Session) -> Result<Vec<Self>, Error> {
        let search = [("filters[search]", self.organization.name.as_str())];
        let alike = |row: Answer| {
            let id = row.id("account_id")?;
            let of_type = row.json().get("account_type").and_then(Json::as_str);
            let own = OPENED.lock().unwrap_or_else(PoisonError::into_inner).contains(&id);
            Ok((!own && of_type == Some(&self.account_type)).then_some(id))
        };
        let keys = ["subaccounts", "child_accounts"];
        let mut twins = Vec::new();
        for id in api.list("account/subaccount", &search, &keys, alike).await? {
            if twins.len() == MOST_TWINS {
                break;
            }
            if let Some(answer) = fetch(api, id).await? {
                let other = Self::from_answer(&answer);
                if self.is_twin_of(&other) {
                    twins.push(other);
                }
            }
        }
        Ok(twins)
    }

    fn is_twin_of(&self, other: &Self) -> bool {
        // An answer without the user cannot tell two apart, so it is no proof of a difference.
        let same_user = other.user.email.is_empty()
            || other.user.email.to_lowercase() == self.user.email.to_lowercase();
        same_user && self.child_name == other.child_name
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

    /// What to say after a POST that was sent and never answered.
    async fn no_answer(&self, error: &Error, record: Option<&Path>, api: &Session) -> Diagnostic {
        let record = record.map(|file| format!("\n\n{}", delete(file))).unwrap_or_default();
        let detail = format!(
            "The request to open {} was sent, but no usable answer came: {error}. It may have been opened all the \
             same, so it has not been sent again. {}{record}",
            self.description(),
            self.candidates(api).await
        );
        Diagnostic::error("Subaccount may have been opened", detail)
    }

    /// What the list of subaccounts says about a request whose outcome is unknown.
    async fn candidates(&self, api: &Session) -> String {
        match self.twins(api).await {
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
    async fn in_doubt(&self, file: &Path, api: &Session) -> Diagnostic {
        let detail = format!(
            "An earlier run was about to open {}, and ended before an answer was on record. It may have been \
             opened, so nothing has been sent for this organization now. {}\n\n{}",
            self.description(),
            self.candidates(api).await,
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

/// Notes that this process has it.
fn remembered(made: KeyAnswer) -> KeyAnswer {
    OPENED.lock().unwrap_or_else(PoisonError::into_inner).extend(made.id);
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

/// So many are enough for a message.
const MOST_TWINS: usize = 10;

/// Held from the record of the intent to that of the answer.
static OPENING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Subaccounts this process has opened: a configuration may well ask for two that are alike.
static OPENED: Mutex<BTreeSet<Id>> = Mutex::new(BTreeSet::new());
