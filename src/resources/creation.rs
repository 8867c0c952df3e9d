//! Creates an object exactly once, also if the response to the request is lost.
//!
//! The request is repeated only if no response was received and a search finds no object that it may have
//! created. An object that was created by it is adopted.

use crate::certcentral::{Error, Id, Retries, Session};
use crate::kind::{Context, Failure, Memory, import_block};
use crate::schema::{Diagnostic, Json, Path};

/// An object that is created by a POST, and that can be found by its name.
pub(super) trait Creation: Sync {
    /// Type of the resource.
    const TYPE: &'static str;
    /// What is created, such as `Division`.
    const NOUN: &'static str;
    /// Summary of the error that an object with the same name exists.
    const ALREADY_EXISTS: &'static str;
    /// Summary of the error that it is unknown whether a request took effect.
    const MAY_EXIST: &'static str;

    /// The object for a message, such as `division "Sales"`.
    fn title(&self) -> String;

    /// The objects that the request may have created: those with its name that did not exist before it.
    fn search(&self, api: &Session) -> impl Future<Output = Result<Vec<Candidate>, Error>> + Send;
}

/// An object that a request without a usable response may have created.
pub(super) struct Candidate {
    pub(super) id: Id,
    /// Whether it is as requested.
    pub(super) is_same: bool,
}

/// Creates the object by a POST to this path. Returns its ID.
///
/// # Errors
///
/// An error of the API if the request was rejected. The caller may add advice to it.
pub(super) async fn create_once<M: Memory>(
    creation: &impl Creation,
    path: &str,
    body: &Json,
    api: &Session,
    cx: &mut Context<M>,
) -> Result<Id, Failure> {
    let mut retries = api.retries();
    let mut unanswered = false;
    loop {
        let response = api.post(path, body).await;
        let created = response.and_then(|answer| Ok((answer.id("id")?, answer.reported())));
        let error = match created {
            Ok((id, reported)) => {
                if let Some(reported) = reported {
                    cx.report(created_with_error(creation, id, &reported));
                }
                return Ok(id);
            }
            // A conflict may be with the object that the previous request created.
            Err(error) if error.effect_unknown() || unanswered => error,
            Err(error) => return Err(error.into()),
        };
        unanswered = true;
        if let Some(id) = look_for(creation, error, &mut retries, api, cx).await? {
            return Ok(id);
        }
    }
}

/// The object that a request without a usable response created; `None` if the request may be sent again.
///
/// If the status was a success, a search that finds nothing only means that the object is not listed yet. In
/// that case the search is repeated, but not the request.
async fn look_for<M: Memory>(
    creation: &impl Creation,
    mut error: Error,
    retries: &mut Retries,
    api: &Session,
    cx: &mut Context<M>,
) -> Result<Option<Id>, Failure> {
    let exists = matches!(error, Error::Decode { .. } | Error::Redirected { .. });
    let may_repeat = error.effect_unknown() && !exists;
    loop {
        let (latest, again) = match retries.pause(error).await {
            Ok(error) => (error, true),
            Err(error) => (error, false),
        };
        error = latest;
        let found = match creation.search(api).await {
            Ok(found) => found,
            Err(search) => return Err(unsearched(creation, &error, &search).into()),
        };
        match found.as_slice() {
            [Candidate { id, is_same: true }] => {
                cx.report(adopted(creation, *id, &error));
                return Ok(Some(*id));
            }
            [] if exists && again => {}
            [] if exists => return Err(unlisted(creation, &error).into()),
            [] if may_repeat && again => return Ok(None),
            [] => return Err(Failure::advised(error, not_created(creation))),
            others => return Err(unclear(creation, &error, others).into()),
        }
    }
}

/// The error that an object with the same name exists, so that none is created. `which` describes it, and
/// `otherwise` is a sentence on how to create another one.
pub(super) fn already_exists<C: Creation>(
    creation: &C,
    id: Id,
    which: &str,
    otherwise: &str,
) -> Diagnostic {
    let detail = format!(
        "CertCentral already has {which}, so {} was not created. If its resource was renamed or moved, add a \
         `moved` block. To manage the existing one, possibly from a run whose state was lost, import \
         it:\n\n{}\n\n{otherwise}",
        creation.title(),
        import_block(C::TYPE, &id.to_string()),
    );
    Diagnostic::error(C::ALREADY_EXISTS, detail).at(Path::of("name"))
}

fn created_with_error<C: Creation>(creation: &C, id: Id, error: &str) -> Diagnostic {
    let detail = format!(
        "CertCentral created {} with the ID {id}, but the response also reports an error: {error}. Check it in \
         CertCentral.",
        creation.title()
    );
    Diagnostic::warning(format!("{} created with an error", C::NOUN), detail)
}

fn adopted<C: Creation>(creation: &C, id: Id, error: &Error) -> Diagnostic {
    let detail = format!(
        "{} A search then found it with the ID {id}, and it was adopted.",
        unanswered(creation, error)
    );
    Diagnostic::warning(format!("{} adopted", C::NOUN), detail)
}

fn not_created(creation: &impl Creation) -> String {
    format!(
        "A search did not find {}, so it was probably not created. Run the apply again.",
        creation.title()
    )
}

fn unlisted<C: Creation>(creation: &C, error: &Error) -> Diagnostic {
    let detail = format!(
        "{} The request was not repeated, because the status was a success, but no such object is listed so far. \
         Wait some minutes and run the apply again: if the object exists by then, an error shows how to import \
         it.",
        unanswered(creation, error)
    );
    maybe_created::<C>(detail)
}

fn unsearched<C: Creation>(creation: &C, error: &Error, search: &Error) -> Diagnostic {
    let detail = format!(
        "{} Searching for it failed as well: {search}. Run the apply again: if the object exists by then, an \
         error shows how to import it.",
        unanswered(creation, error)
    );
    maybe_created::<C>(detail)
}

fn unclear<C: Creation>(creation: &C, error: &Error, found: &[Candidate]) -> Diagnostic {
    let ids: Vec<_> = found.iter().map(|it| it.id.to_string()).collect();
    let first = ids.first().cloned().unwrap_or_default();
    let detail = format!(
        "{} A search then found objects with this name: {}. They are several, or differ from the configuration, so \
         none was added to the state. If one of them is to be managed, import it:\n\n{}",
        unanswered(creation, error),
        ids.join(", "),
        import_block(C::TYPE, &first)
    );
    maybe_created::<C>(detail)
}

fn maybe_created<C: Creation>(detail: String) -> Diagnostic {
    Diagnostic::error(C::MAY_EXIST, detail).at(Path::of("name"))
}

fn unanswered(creation: &impl Creation, error: &Error) -> String {
    format!(
        "A request to create {} was sent, but no usable response was received: {error}.",
        creation.title()
    )
}
