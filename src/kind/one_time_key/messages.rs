//! Messages about requests for one-time keys.

use std::path::{Path, PathBuf};

use super::KeyRequest;
use crate::certcentral::{Error, KeyAnswer};
use crate::kind::import_block;
use crate::recovery;
use crate::schema::Diagnostic;

/// "Subaccount" for the noun "subaccount".
fn title(noun: &str) -> String {
    let mut chars = noun.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

pub(super) fn not_recorded(noun: &str, error: &recovery::Error) -> Diagnostic {
    let summary = format!("{} not created", title(noun));
    Diagnostic::error(summary, format!("{error}. No request was sent."))
}

pub(super) fn restored(request: &KeyRequest<'_>, file: &Path) -> Diagnostic {
    let detail = format!(
        "An earlier run created {} and ended before a refresh confirmed it in the state. The response recorded \
         in {} was used, and no request was sent. The next refresh removes the record.",
        request.description,
        file.display()
    );
    Diagnostic::warning(format!("{} restored from recovery_dir", title(request.noun)), detail)
}

pub(super) fn not_restored(request: &KeyRequest<'_>, file: &Path) -> Diagnostic {
    let (noun, (kind, subject)) = (request.noun, request.subject);
    let detail = format!(
        "{} contains the response to a different create request for the same {kind} {subject:?}. If that {noun} \
         is in a Terraform state, its next refresh removes the record. Otherwise the record contains the only \
         copy of its api_key: apply once with the original arguments to restore it.",
        file.display(),
    );
    Diagnostic::warning(format!("Recorded {noun} not restored"), detail)
}

pub(super) fn response_not_recorded(
    request: &KeyRequest<'_>,
    error: &std::io::Error,
    file: &Path,
) -> Diagnostic {
    let (noun, (kind, _)) = (request.noun, request.subject);
    let detail = format!(
        "CertCentral created {}, but the response could not be written to {}: {error}. Only the state \
         contains it. After the state is saved, delete the file: while it exists, no further {noun} is created \
         for this {kind}.",
        request.description,
        file.display()
    );
    Diagnostic::warning("Response not recorded", detail)
}

pub(super) fn created_with_error(request: &KeyRequest<'_>, error: &str) -> Diagnostic {
    let noun = request.noun;
    let detail = format!(
        "CertCentral created {}, but the response also reports an error: {error}. Check the {noun} in \
         CertCentral.",
        request.description
    );
    Diagnostic::warning(format!("{} created with an error", title(request.noun)), detail)
}

pub(super) fn delivered(
    request: &KeyRequest<'_>,
    records: &[(PathBuf, Vec<u8>)],
    advice: &str,
    type_name: &str,
) -> Diagnostic {
    let (mut ids, mut lines) = (Vec::new(), String::new());
    for (file, answer) in records {
        let id = KeyAnswer::from_bytes(request.path, answer).id;
        let id = id.map_or_else(|| "of unknown ID".to_owned(), |id| id.to_string());
        lines += &format!("\n  {} {id}: {}", request.noun, file.display());
        ids.push(id);
    }
    let detail = format!(
        "An earlier run created {} with the same arguments and returned it to Terraform, so no request was \
         sent. {advice} If it is in a Terraform state, a refresh of that state removes its record:\n{lines}\n\nIf \
         it is in no state any more, the record still contains its api_key: to restore it with its api_key, \
         rename the record so that it ends in \".record\" and apply again. Or import it without the api_key, and \
         delete the record:\n\n{}",
        request.description,
        import_block(type_name, ids.first().map_or("", String::as_str)),
    );
    Diagnostic::error(format!("{} already exists", title(request.noun)), detail)
}

pub(super) fn no_response(
    request: &KeyRequest<'_>,
    error: &Error,
    record: Option<&Path>,
    candidates: &str,
) -> Diagnostic {
    let record = record.map(|file| format!("\n\n{}", delete(request, file))).unwrap_or_default();
    let detail = format!(
        "The request to create {} was sent, but no usable response was received: {error}. The {} may have been \
         created, so the request was not repeated. {candidates}{record}",
        request.description, request.noun
    );
    Diagnostic::error(may_exist(request), detail)
}

pub(super) fn unfinished(
    request: &KeyRequest<'_>,
    earlier: &str,
    file: &Path,
    candidates: &str,
) -> Diagnostic {
    let (noun, (kind, _)) = (request.noun, request.subject);
    let detail = format!(
        "An earlier run was about to create {earlier} and ended before the response was recorded. The {noun} may \
         exist, so no request was sent for this {kind}. {candidates}\n\n{}",
        delete(request, file)
    );
    Diagnostic::error(may_exist(request), detail)
}

fn may_exist(request: &KeyRequest<'_>) -> String {
    format!("{} may have been created", title(request.noun))
}

fn delete(request: &KeyRequest<'_>, file: &Path) -> String {
    let (noun, (kind, _)) = (request.noun, request.subject);
    format!(
        "After you have imported or discarded that {noun}, delete {} and apply again: while the file exists, no \
         {noun} is created for this {kind}.",
        file.display()
    )
}
