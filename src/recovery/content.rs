//! The content of a record: a line of JSON with the intent, and room for the response.
//!
//! The response follows its length and its checksum, so that an incomplete one is recognized wherever
//! writing stopped. Its bytes are stored as received, even if they are not text.

use std::io;

use serde::{Deserialize, Serialize};

use crate::schema::Json;

/// An object that is about to be created.
pub struct Create<'a> {
    /// ID of the account in which it is created.
    pub scope: u64,
    /// Path of the POST.
    pub path: &'a str,
    /// Name of its subject. An unfinished create is matched by this name alone, since other arguments may
    /// have been edited.
    pub subject: &'a str,
    /// Body of the POST.
    pub body: &'a Json,
    /// Whether an earlier create of the same, delivered, stops this one.
    pub unique: bool,
    /// IDs of objects that exist before the request, to find out later what it has created.
    pub existing: &'a [u64],
}

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
    /// Body of the request.
    pub(super) body: Json,
    /// IDs of objects that existed before the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) existing: Vec<u64>,
}

impl Intent {
    /// The intent of this process to send a request.
    pub(super) fn new(create: &Create<'_>, base_url: &str) -> Self {
        Self {
            version: VERSION,
            scope: create.scope,
            base_url: base_url.to_owned(),
            request: format!("POST {}", create.path),
            subject: create.subject.to_owned(),
            process: std::process::id(),
            body: create.body.clone(),
            existing: create.existing.to_vec(),
        }
    }

    /// Whether both are the same request to the same address.
    pub(super) fn is_same_create(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.scope, it.base_url.clone(), it.request.clone());
        key(self) == key(other) && self.body == other.body
    }

    /// Whether both are requests to the same path for the same subject.
    pub(super) fn is_same_subject(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.scope, it.request.clone(), it.subject.trim().to_lowercase());
        key(self) == key(other)
    }

    /// The first line of the record, with the line break.
    ///
    /// # Errors
    ///
    /// When it is too large.
    pub(super) fn to_line(&self) -> io::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        fits(&line, "request")?;
        Ok(line)
    }
}

const VERSION: u32 = 1;

/// Limit for an intent or a response, in bytes. It is far more than any of them has.
const PART: usize = 512 << 10;

/// Limit for a record, in bytes: an intent, and a response or the room for one.
pub(super) const LARGEST: u64 = 2 * PART as u64 + 64;

/// Bytes reserved after the intent, so that the response can be written even if the disk is full by then.
pub(super) const ROOM: usize = 16 << 10;

/// The content of a record.
pub(super) enum Content {
    /// An incomplete intent.
    Incomplete,
    /// An intent without a complete response.
    Unfinished(Intent),
    /// An intent and the response.
    Finished(Intent, Vec<u8>),
}

impl Content {
    /// Parses a record.
    ///
    /// # Errors
    ///
    /// When the first line is complete and invalid.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            return Ok(Self::Incomplete);
        };
        let (line, rest) = bytes.split_at(end);
        let intent: Intent = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        if intent.version != VERSION {
            return Err(format!("it has version {}, not {VERSION}", intent.version));
        }
        Ok(match rest.get(1..).and_then(complete_response) {
            Some(response) => Self::Finished(intent, response.to_owned()),
            None => Self::Unfinished(intent),
        })
    }
}

/// The bytes to write after the intent.
///
/// # Errors
///
/// When the response is too large.
pub(super) fn response(bytes: &[u8]) -> io::Result<Vec<u8>> {
    fits(bytes, "response")?;
    let header = format!("{} {:016x}\n", bytes.len(), checksum(bytes));
    Ok([header.as_bytes(), bytes].concat())
}

fn fits(bytes: &[u8], what: &str) -> io::Result<()> {
    match bytes.len() {
        ..=PART => Ok(()),
        _ => Err(io::Error::other(format!("the {what} is larger than {} KiB", PART >> 10))),
    }
}

/// The response after the intent, if it is complete.
fn complete_response(rest: &[u8]) -> Option<&[u8]> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let header = std::str::from_utf8(rest.get(..end)?).ok()?;
    let (length, sum) = header.split_once(' ')?;
    let response = rest.get(end + 1..)?.get(..length.parse().ok()?)?;
    (sum.len() == 16 && u64::from_str_radix(sum, 16) == Ok(checksum(response))).then_some(response)
}

/// FNV-1a. It detects incomplete writes. It need not resist an attack, as only this user can write in the
/// directory.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
