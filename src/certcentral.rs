//! A client of the CertCentral Services API, version 2. It does not depend on Terraform.
//!
//! A [`Client`] is created once per configured provider and is cheap to clone. Each operation takes a
//! [`Session`] from it and calls its methods. A call takes these steps:
//!
//! 1. Compare the account of the API key with `account_id`, once (`session`, `account`, `check`).
//! 2. Wait for the queue: writes are sent one at a time, reads run concurrently (`shared`).
//! 3. Wait for the rate limit (`rate_limit`).
//! 4. Send the request and receive the response (`http`, `proxy`).
//! 5. Convert the response into an [`Answer`] or an [`Error`] (`response`, `json`, `api_error`).
//! 6. After an error, retry from step 2 if that is safe and the retry budget allows it (`retry`,
//!    `retries`).
//!
//! Reads of many objects of one [`List`] can be answered from its cached pages until the next write
//! (`list`). The response that contains a one-time key is decoded by [`KeyAnswer`]. Logs and errors contain
//! no secrets (`redacted`).
//!
//! A response is read within bounds (`request`, `http`), parsed within bounds (`json`), and of a list only
//! what is wanted is kept (`list`): no response can fill the memory. Errors quote a response without
//! control characters ([`printable`]).
//!
//! A simulation replaces HTTP by a [`Transport`] of its own.
//!
//! [`Client::stop`] ends the waits of steps 1, 2, 3 and 6 (`stop`). A write in step 4 completes.
//!
//! DigiCert's rules for clients:
//! <https://dev.digicert.com/en/certcentral-apis/services-api/best-practices.html>.

mod account;
mod answer;
mod api_error;
mod attempts;
mod base_url;
mod ca_certificate;
mod cached_list;
mod check;
mod client;
mod error;
mod http;
mod id;
mod json;
mod key_answer;
mod list;
mod list_cache;
mod parse;
mod proxy;
mod rate_limit;
mod redacted;
mod request;
mod response;
mod retries;
mod retry;
mod row_store;
mod session;
mod settings;
mod shared;
mod stop;
mod transport;

#[cfg(test)]
mod tests;

pub use account::AccountInfo;
pub use answer::{Answer, id, id_of, text_of};
pub use api_error::ApiError;
pub use attempts::{Attempts, Limit};
pub use base_url::BaseUrl;
pub use ca_certificate::CaCertificate;
pub use cached_list::{List, Listed, NamedRow};
pub use check::WrongSetting;
pub use client::Client;
pub use error::{Call, Error};
pub use id::{Id, NotAnId};
pub use key_answer::KeyAnswer;
pub use list::{Pages, RowPages};
pub use parse::{InvalidSetting, api_key, duration};
pub use rate_limit::RateLimit;
pub use redacted::printable;
pub use retries::Retries;
pub use session::{Pending, Session};
pub use settings::Settings;
pub use transport::{Broken, Received, Sending, Sent, Transport};
