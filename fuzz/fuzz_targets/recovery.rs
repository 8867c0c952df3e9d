//! Records in `recovery_dir`: whatever a file contains, it is adopted, ignored or an error, never a panic.
#![no_main]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use terraform_provider_digicert::recovery::{Begin, Create, Journal, Locks};
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().build().expect("a runtime"));

fuzz_target!(|bytes: &[u8]| {
    // A directory of this process in memory: a run creates many files.
    let directory = Path::new("/dev/shm").join(format!("digicert-fuzz-{}", std::process::id()));
    private(&directory);
    let path = directory.to_str().expect("ASCII");
    let url = "https://www.digicert.com/services/v2";
    let journal = || Journal::new(path.parse().expect("absolute"), url, Locks::default());
    let body = json!({ "account_type": "managed" });
    let create = Create { scope: 1, path: "account", subject: "Example Org", body: &body };
    for name in ["digicert-1-1.record", "digicert-1-1.delivered"] {
        let record = directory.join(name);
        fs::write(&record, bytes).expect("the directory is ours");
        RUNTIME.block_on(async {
            let journal = journal();
            if let Ok(Begin::Fresh { record, .. }) = journal.begin(&create).await {
                record.discard().await;
            }
            let _ = journal.forget_record(|response| response.len() > 3).await;
        });
        let _ = fs::remove_file(&record);
    }
});

#[cfg(unix)]
fn private(directory: &Path) {
    use std::os::unix::fs::DirBuilderExt;
    // It exists from the second run on.
    let _ = fs::DirBuilder::new().mode(0o700).create(directory);
}
