//! Objects, simulators and waits that many tests share.

use std::io::{BufRead, BufReader, Lines, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use certcentral_sim::{Options, Sim};
use serde_json::{Value, json};

use crate::process::DEADLINE;

/// Resource type of a subaccount.
pub(crate) const SUBACCOUNT: &str = "digicert_subaccount";

/// A managed subaccount with required arguments only, as `Host` takes it.
pub(crate) fn managed_subaccount() -> Value {
    json!({
        "account_type": "managed",
        "allowed_grandchildren": [],
        "user": { "first_name": "Ada", "last_name": "Example", "email": "ada@example.com" },
        "organization": {
            "name": "Example Org", "address": "1 Example Street", "zip": "84043", "city": "Lehi",
            "state": "Utah", "country": "US",
        },
    })
}

/// The same with a name.
pub(crate) fn named_subaccount(child_name: &str) -> Value {
    let mut config = managed_subaccount();
    config["child_name"] = child_name.into();
    config
}

/// The same managed subaccount in a configuration, as `digicert_subaccount.it`.
pub(crate) const MANAGED_SUBACCOUNT: &str = r#"
resource "digicert_subaccount" "it" {
  account_type          = "managed"
  allowed_grandchildren = []
  user {
    first_name = "Ada"
    last_name  = "Example"
    email      = "ada@example.com"
  }
  organization {
    name    = "Example Org"
    address = "1 Example Street"
    zip     = "84043"
    city    = "Lehi"
    state   = "Utah"
    country = "US"
  }
}"#;

/// A simulator with default options.
pub(crate) fn sim() -> Sim {
    Sim::start(Options::default()).expect("loopback has a port")
}

/// Options of an API that spells every response otherwise than the default: IDs, booleans and unset fields.
pub(crate) fn respelled() -> Options {
    Options {
        ids_as_strings: true,
        bools_as_numbers: true,
        null_for_unset: true,
        ..Options::default()
    }
}

/// Waits until `condition` holds. Fails after [`DEADLINE`].
#[track_caller]
pub(crate) fn until(condition: impl Fn() -> bool) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    let begin = Instant::now();
    async move {
        while !condition() {
            assert!(begin.elapsed() < DEADLINE, "{caller}: the condition does not hold in time");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// [`until`] for tests without a runtime.
#[track_caller]
pub(crate) fn block_until(condition: impl Fn() -> bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("a runtime").block_on(until(condition));
}

/// The lines that a process prints. They have to be kept until it exits.
pub(crate) struct Output<T>(Lines<BufReader<T>>);

impl<T: Read> Output<T> {
    /// Stdout or stderr of a process.
    pub(crate) fn of(pipe: Option<T>) -> Self {
        Self(BufReader::new(pipe.expect("a pipe")).lines())
    }

    /// Waits until a line with this text is printed.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) {
        let found = self.0.any(|line| line.expect("UTF-8").contains(text));
        assert!(found, "{text:?} is not printed");
    }
}

/// Permissions of a file or directory.
#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().expect("the file exists").permissions().mode() & 0o777
}
