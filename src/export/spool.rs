//! The arguments of the objects of one type, on disk until all objects have names.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// A temporary file with the arguments of each object, in the order in which they were read.
pub(super) struct Spool {
    file: BufWriter<File>,
    end: u64,
    entries: Vec<Entry>,
    /// Arguments that CertCentral did not return, as far as it is known to return them at all.
    pub(super) unreadable: BTreeSet<String>,
}

/// An object.
pub(super) struct Entry {
    /// Its ID in the state, which references name.
    pub(super) id: String,
    /// The ID to import it by.
    pub(super) import_id: String,
    /// What it is named after.
    pub(super) name: String,
    /// A sentence about it.
    pub(super) comment: Option<String>,
    start: u64,
    length: usize,
}

impl Spool {
    /// An empty one at this path.
    pub(super) fn new(path: impl AsRef<Path>) -> io::Result<Self> {
        let file = File::options().read(true).write(true).create_new(true).open(path)?;
        let file = BufWriter::new(file);
        Ok(Self { file, end: 0, entries: Vec::new(), unreadable: BTreeSet::new() })
    }

    /// Adds an object with its arguments.
    pub(super) fn push(&mut self, object: Object<'_>) -> io::Result<()> {
        self.file.write_all(object.arguments.as_bytes())?;
        let length = object.arguments.len();
        self.entries.push(Entry {
            id: object.id.to_owned(),
            import_id: object.import_id.to_owned(),
            name: object.name.to_owned(),
            comment: object.comment,
            start: self.end,
            length,
        });
        self.end += length as u64;
        Ok(())
    }

    /// Ends the first pass: from now on, the objects are in the order of their IDs, and each ID has one.
    ///
    /// A row of a list can move to another page while the list is read, and is then read twice.
    pub(super) fn complete(&mut self) -> io::Result<()> {
        self.entries.sort_by_key(Entry::order);
        self.entries.dedup_by(|later, earlier| later.id == earlier.id);
        self.file.flush()
    }

    /// The objects.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The number of objects.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The text of each object, once all are [`complete`](Self::complete).
    pub(super) fn texts(&self) -> io::Result<Texts> {
        self.file.get_ref().try_clone().map(Texts)
    }
}

impl Entry {
    /// IDs are numbers, or begin with one.
    fn order(&self) -> (u64, String) {
        let digits = self.id.split(|it: char| !it.is_ascii_digit()).next().unwrap_or_default();
        (digits.parse().unwrap_or(u64::MAX), self.id.clone())
    }
}

/// An object to add.
pub(super) struct Object<'a> {
    pub(super) id: &'a str,
    pub(super) import_id: &'a str,
    pub(super) name: &'a str,
    pub(super) comment: Option<String>,
    pub(super) arguments: &'a str,
}

/// Reads texts of objects.
pub(super) struct Texts(File);

impl Texts {
    /// The text of an object.
    pub(super) fn of(&mut self, entry: &Entry) -> io::Result<String> {
        self.0.seek(SeekFrom::Start(entry.start))?;
        let mut text = vec![0; entry.length];
        self.0.read_exact(&mut text)?;
        String::from_utf8(text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_come_back_in_the_order_of_their_ids() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut spool = Spool::new(directory.path().join("users")).expect("a file");
        for (id, arguments) in [("10", "ten"), ("9", "neun: ü"), ("4,11", ""), ("10", "again")] {
            let object = Object { id, import_id: id, name: "n", comment: None, arguments };
            spool.push(object).expect("written");
        }
        spool.complete().expect("written");
        let mut texts = spool.texts().expect("readable");
        let read: Vec<_> = spool
            .entries()
            .map(|entry| format!("{} {}", entry.id, texts.of(entry).expect("readable")))
            .collect();
        assert_eq!(read, ["4,11 ", "9 neun: ü", "10 ten"]);
    }
}
