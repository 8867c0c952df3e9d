//! What stands in a record: a line of JSON with the intent, room for an answer, and the answer in it.
//!
//! The answer is preceded by its length and checksum, so that one whose writing was cut off is told
//! from a whole one wherever the cut was. Its bytes are kept as they came, even where they are no text.

use std::io;

use serde::{Deserialize, Serialize};

use super::Create;
use crate::schema::Json;

/// The first line of a record.
#[derive(Serialize, Deserialize)]
pub(super) struct Intent {
    version: u32,
    pub(super) scope: u64,
    base_url: String,
    /// Method and path.
    request: String,
    subject: String,
    /// The process that wrote it.
    pub(super) process: u32,
    /// What it was about to send.
    pub(super) body: Json,
}

impl Intent {
    /// This process is about to send this.
    pub(super) fn new(create: &Create<'_>, base_url: &str) -> Self {
        Self {
            version: VERSION,
            scope: create.scope,
            base_url: base_url.to_owned(),
            request: format!("POST {}", create.path),
            subject: create.subject.to_owned(),
            process: std::process::id(),
            body: create.body.clone(),
        }
    }

    /// Whether both would send the same request to the same place.
    pub(super) fn is_same_create(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.scope, it.base_url.clone(), it.request.clone());
        key(self) == key(other) && self.body == other.body
    }

    /// Whether both are requests of the same kind for the same subject.
    pub(super) fn is_same_subject(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.scope, it.request.clone(), it.subject.trim().to_lowercase());
        key(self) == key(other)
    }

    /// The line, with its end.
    ///
    /// # Errors
    ///
    /// If it is larger than a record may be.
    pub(super) fn to_line(&self) -> io::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        fits(&line, "request")?;
        Ok(line)
    }
}

const VERSION: u32 = 1;

/// Bytes that an intent or an answer may have, which is a hundred times what they do have.
const PART: usize = 512 << 10;

/// Bytes that a record may have: an intent, and the room or an answer.
pub(super) const LARGEST: u64 = 2 * PART as u64 + 64;

/// Bytes kept free behind the intent, so that a disk that fills up meanwhile still takes the answer.
pub(super) const ROOM: usize = 16 << 10;

/// A record as it was found.
pub(super) enum Content {
    /// Not even the intent is whole.
    Torn,
    /// An intent without a whole answer.
    Unfinished(Intent),
    /// An intent with the answer to it.
    Finished(Intent, Vec<u8>),
}

impl Content {
    /// Reads the bytes of a record.
    ///
    /// # Errors
    ///
    /// What is wrong with a first line that is whole.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return Ok(Self::Torn) };
        let (line, rest) = bytes.split_at(end);
        let intent: Intent = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        if intent.version != VERSION {
            return Err(format!("it is of version {}, not {VERSION}", intent.version));
        }
        Ok(match rest.get(1..).and_then(whole) {
            Some(answer) => Self::Finished(intent, answer.to_owned()),
            None => Self::Unfinished(intent),
        })
    }
}

/// What is written behind the intent.
///
/// # Errors
///
/// If it is larger than a record may be.
pub(super) fn answer(bytes: &[u8]) -> io::Result<Vec<u8>> {
    fits(bytes, "answer")?;
    let header = format!("{} {:016x}\n", bytes.len(), checksum(bytes));
    Ok([header.as_bytes(), bytes].concat())
}

fn fits(bytes: &[u8], what: &str) -> io::Result<()> {
    match bytes.len() {
        ..=PART => Ok(()),
        _ => Err(io::Error::other(format!("the {what} is larger than {} KiB", PART >> 10))),
    }
}

/// The answer behind the intent, if all of it is there.
fn whole(rest: &[u8]) -> Option<&[u8]> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let header = std::str::from_utf8(rest.get(..end)?).ok()?;
    let (length, sum) = header.split_once(' ')?;
    let answer = rest.get(end + 1..)?.get(..length.parse().ok()?)?;
    (sum.len() == 16 && u64::from_str_radix(sum, 16) == Ok(checksum(answer))).then_some(answer)
}

/// FNV-1a: tells a cut from a whole, and need not withstand anybody in a folder that only we can write.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
