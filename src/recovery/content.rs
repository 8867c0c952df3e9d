//! What stands in a record: a line of JSON with the intent, room for an answer, and the answer in it.
//!
//! The answer is preceded by its length and checksum, so that one whose writing was cut off is told
//! from a whole one wherever the cut was. Its bytes are kept as they came, even where they are no text.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Create;
use crate::schema::Json;

/// The first line of a record.
#[derive(Serialize, Deserialize)]
pub(super) struct Intent {
    version: u32,
    account: u64,
    base_url: String,
    organization: String,
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
            account: create.account,
            base_url: base_url.to_owned(),
            organization: create.organization.to_owned(),
            process: std::process::id(),
            body: create.body.clone(),
        }
    }

    /// Whether both would send the same request to the same place.
    pub(super) fn is_same_create(&self, other: &Self) -> bool {
        self.account == other.account && self.base_url == other.base_url && self.body == other.body
    }

    /// Whether both are about the same organization of the same account.
    pub(super) fn is_same_organization(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.account, it.organization.trim().to_lowercase());
        key(self) == key(other)
    }

    /// The line, with its end.
    pub(super) fn to_line(&self) -> serde_json::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}

const VERSION: u32 = 1;

/// Bytes kept free behind the intent, so that a disk that fills up meanwhile still takes the answer.
pub(super) const ROOM: usize = 16 << 10;

/// A record as it was found.
pub(super) enum Content {
    /// Not even the intent is whole.
    Torn,
    /// An intent without a whole answer.
    Unfinished(Intent),
    /// An intent with the answer to it.
    Finished(Intent, Zeroizing<Vec<u8>>),
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
            Some(answer) => Self::Finished(intent, Zeroizing::new(answer.to_owned())),
            None => Self::Unfinished(intent),
        })
    }
}

/// What is written behind the intent.
pub(super) fn answer(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let header = format!("{} {:016x}\n", bytes.len(), checksum(bytes));
    Zeroizing::new([header.as_bytes(), bytes].concat())
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
