//! The CertCentral Services API, version 2, over HTTPS. Knows nothing of Terraform.
//!
//! A [`Client`] lives as long as the process and is cheap to clone; a [`Session`] is taken from it
//! for every piece of work and has the verbs. What a verb does, in this order:
//!
//! 1. compare the account behind the key with `account_id`, once a process (`check`, `session`);
//! 2. wait for its turn: writes go one at a time, reads in parallel (`client`);
//! 3. wait for room in the rolling windows of the rate limit (`pacing`);
//! 4. one HTTP exchange, with the only code that touches the key (`http`);
//! 5. one gate for what came back: an [`Answer`] or an [`Error`] (`reply`);
//! 6. again from 2, where the call may be repeated and the budget allows (`retry`).
//!
//! Many reads of objects of one [`List`] are answered from its pages instead of a call each (`walk`),
//! until the next write (`sharing`).
//!
//! [`Client::stop`] ends every wait in 1, 2, 3 and 6, and no write that is in 4.
//!
//! What DigiCert asks of a client:
//! <https://dev.digicert.com/en/certcentral-apis/services-api/best-practices.html>.

mod account;
mod answer;
mod base_url;
mod ca_certificate;
mod check;
mod client;
mod error;
mod http;
mod id;
mod json;
mod key_answer;
mod list;
mod pacing;
mod problem;
mod proxy;
mod redacted;
mod reply;
mod request;
mod retries;
mod retry;
mod session;
mod settings;
mod sharing;
mod walk;

#[cfg(test)]
mod tests;

pub use account::AccountInfo;
pub use answer::{Answer, id};
pub use base_url::BaseUrl;
pub use ca_certificate::CaCertificate;
pub use check::WrongSetting;
pub use client::Client;
pub use error::{Call, Error};
pub use id::{Id, NotAnId};
pub use key_answer::KeyAnswer;
pub use list::Pages;
pub use problem::Problem;
pub use redacted::printable;
pub use retries::{Attempts, Limit, Retries};
pub use session::Session;
pub use settings::{InvalidSetting, RateLimit, Settings, api_key, duration};
pub use walk::{List, Listed, NamedRow};
