//! The files in `recovery_dir`.

use std::fs;
use std::path::PathBuf;

use super::Life;
use crate::network::contains;

impl Life {
    /// The records, with their bytes.
    pub(super) fn records(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let Some(directory) = &self.recovery else { return Vec::new() };
        let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
        let files = entries.filter_map(|it| {
            let path = it.ok()?.path();
            Some((path.clone(), fs::read(path).ok()?))
        });
        files.collect()
    }

    /// Whether a record contains this key.
    pub(super) fn is_recorded(&self, key: &str) -> bool {
        self.records().iter().any(|(_, bytes)| contains(bytes, key.as_bytes()))
    }
}
