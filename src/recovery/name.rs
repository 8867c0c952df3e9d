//! The file names of records: `digicert-<scope>-<ordinal>.record`.

/// Extension of a record.
pub(super) const RECORD: &str = "record";

/// Extension of a record whose run has ended in order.
pub(super) const DELIVERED: &str = "delivered";

/// The name of a record.
pub(super) fn name(scope: u64, ordinal: u32, extension: &str) -> String {
    format!("digicert-{scope}-{ordinal}.{extension}")
}

/// The scope and the ordinal in the name of a record, and whether the record was delivered. `None` for any
/// other name.
pub(super) fn parse(text: &str) -> Option<(u64, u32, bool)> {
    let (stem, extension) = text.strip_prefix("digicert-")?.rsplit_once('.')?;
    let (scope, ordinal) = stem.split_once('-')?;
    let (scope, ordinal) = (scope.parse().ok()?, ordinal.parse().ok()?);
    let delivered = extension == DELIVERED;
    // Refuses other spellings, such as leading zeros.
    let spelled = name(scope, ordinal, if delivered { DELIVERED } else { RECORD });
    (spelled == text).then_some((scope, ordinal, delivered))
}
