//! Files in `recovery_dir`: whatever is in a record, it is adopted, refused or named, and never a panic.
#![no_main]

use std::fs;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use terraform_provider_digicert::recovery::{Begin, Create, Held, Journal};

fuzz_target!(|bytes: &[u8]| {
    // A folder of this process, in memory where there is such a place: a run makes many files.
    let folder = Path::new("/dev/shm").join(format!("digicert-fuzz-{}", std::process::id()));
    private(&folder);
    let record = folder.join("digicert-1-1.record");
    fs::write(&record, bytes).expect("the folder is ours");
    let folder = folder.to_str().expect("ASCII");
    let journal = Journal::new(folder, "https://www.digicert.com/services/v2", Held::default());
    let body = json!({ "account_type": "managed" });
    let create = Create { account: 1, organization: "Example Org", body: &body };
    if let Ok(Begin::Fresh { record, .. }) = journal.begin(&create) {
        record.refused();
    }
    let _ = journal.settle(|answer| answer.len() > 3);
    let _ = fs::remove_file(&record);
});

#[cfg(unix)]
fn private(folder: &Path) {
    use std::os::unix::fs::DirBuilderExt;
    // It is there from the second run on.
    let _ = fs::DirBuilder::new().mode(0o700).create(folder);
}
