//! Files are short enough to be read at once.

use std::collections::BTreeMap;
use std::path::Path;

use super::source::files;

/// Lines of a file. Most have less than 300.
const LIMIT: usize = 400;

#[test]
fn files_are_short() {
    let directories =
        ["src", "tests", "certcentral-sim", "lives", "xtask", "fuzz", "benches", "examples"];
    let files = directories.iter().flat_map(|directory| files(Path::new(directory)));
    let mut lines: BTreeMap<_, _> = files
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a source file");
            (path.display().to_string(), text.lines().count())
        })
        .collect();
    lines.retain(|_, lines| *lines > LIMIT);
    assert!(lines.is_empty(), "more than {LIMIT} lines, split these files by topic: {lines:?}");
}
