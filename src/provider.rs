//! From the provider block to a client, and the list of what the provider manages.

mod check;
mod given;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use given::Given;

use crate::certcentral::{self, BaseUrl, CaCertificate, Client, Id, RateLimit, Settings, duration};
use crate::kind::{AnyDataSource, AnyList, AnyResource, Environment, Registry, Run};
use crate::model;
use crate::recovery::{Journal, Locks, RecoveryDir};
use crate::resources::REGISTRY;
use crate::schema::{self, Attr, Block, Diagnostic, Diagnostics, Model, Severity, Value};
use crate::secret::Secret;

model! {
    /// Administers a DigiCert CertCentral account: its notification settings, subaccounts with their
    /// one-time API keys, users, organization contacts and subaccount invites.
    ///
    /// Every argument is optional. A value in the block wins over its environment variable.
    pub struct Configuration {
        /// API key of an administrator of the account. White space at its ends is dropped.
        #[attr(env("DIGICERT_API_KEY"), parses(parses_api_key))]
        pub api_key: Option<Secret>,
        /// Address of the CertCentral instance, `https://www.digicert.com/services/v2` by default. European
        /// accounts need `https://certcentral.digicert.eu/services/v2`. Plain `http` is
        /// accepted for loopback hosts only.
        #[attr(env("DIGICERT_BASE_URL"), confidential, parses(parses::<BaseUrl>))]
        pub base_url: Option<String>,
        /// Account the API key must belong to. A key of another account is an error before anything is
        /// read or changed.
        #[attr(env("DIGICERT_ACCOUNT_ID"), confidential)]
        pub account_id: Option<Id>,
        /// Time for one HTTP exchange, such as `30s`; `60s` by default. A call whose answer holds
        /// a one-time key is given at least 5 minutes.
        #[attr(parses(parses_duration))]
        pub request_timeout: Option<String>,
        /// How often a call that may be repeated is repeated; 5 by default.
        #[attr(range(0, 20))]
        pub max_retries: Option<i64>,
        /// Cap on the time all retries of one call wait together, `Retry-After` included; `4m` by
        /// default. Past it, the error says when to try again.
        #[attr(parses(parses_duration))]
        pub max_retry_wait: Option<String>,
        /// Rolling windows that requests of this process are paced by, each written as requests per
        /// time. `["100/5s", "1000/3m"]` by default, which is what DigiCert grants a key; lower
        /// them where pipelines share one. `[]` turns pacing off.
        #[attr(parses(parses::<RateLimit>))]
        pub rate_limits: Option<Vec<String>>,
        /// How many reads may be under way at once; 4 by default. Writes go one at a
        /// time, as DigiCert asks.
        #[attr(range(1, 32))]
        pub max_concurrent_requests: Option<i64>,
        /// Whether a refresh takes what a row of a list does not carry as unchanged. Defaults to `false`: an
        /// attribute that the list of users does not return is read from each user. With `true`, 1,000
        /// users are refreshed from the pages of the list, but changes made outside Terraform to attributes
        /// the list does not return are not detected (`is_saml_sso_only`, `container_id_assignments`, and in
        /// some accounts `job_title` and `telephone`).
        pub refresh_from_lists: Option<bool>,
        /// CA certificates to trust beside the system's: PEM text, or the path of a PEM file.
        #[attr(env("DIGICERT_CA_CERTIFICATE"), confidential, parses(parses::<CaCertificate>))]
        pub ca_certificate: Option<String>,
        /// Directory that outlives a run, as an absolute path or one that begins with `~/`, in which the
        /// opening of each subaccount is recorded until a refresh shows it in the state. It protects what
        /// Terraform cannot: where a run is killed before its state is saved, the next apply takes the
        /// subaccount and its one-time `api_key` over from the record. Where the answer had not arrived
        /// yet, the next apply opens nothing and names what may have been opened. Keys lie in this
        /// directory for that time, so it must belong to the user who runs Terraform, with mode 0700; it
        /// is made where it is missing. Pipelines need one that is still there in their next run.
        #[attr(env("DIGICERT_RECOVERY_DIR"), parses(parses::<RecoveryDir>))]
        pub recovery_dir: Option<String>,
    }
}

fn parses<T: std::str::FromStr<Err: ToString>>(text: &str) -> Result<(), String> {
    text.parse::<T>().map(drop).map_err(|error| error.to_string())
}

fn parses_api_key(text: &str) -> Result<(), String> {
    certcentral::api_key(text).map(drop).map_err(|error| error.to_string())
}

fn parses_duration(text: &str) -> Result<(), String> {
    duration(text).map(drop).map_err(|error| error.to_string())
}

/// The provider of one process: its configuration, once it has one, and its resources.
pub struct Provider {
    registry: Registry,
    configured: RwLock<Result<Configured, Diagnostic>>,
    /// Outlives every configuration: a debugged process is given several.
    locks: Locks,
}

/// What a configuration amounts to.
struct Configured {
    client: Client,
    journal: Option<Journal>,
    run: Arc<Run>,
}

impl Provider {
    /// A provider that has not been configured yet.
    pub fn new() -> Self {
        Self::with(REGISTRY)
    }

    /// The same, serving something else.
    pub fn with(registry: Registry) -> Self {
        let configured = RwLock::new(Err(not_configured()));
        Self { registry, configured, locks: Locks::default() }
    }

    /// The schema of the provider block.
    pub fn block(&self) -> &'static Block {
        Configuration::block()
    }

    /// Everything it serves.
    pub fn registry(&self) -> Registry {
        self.registry
    }

    /// The resource of that type.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn resource(&self, type_name: &str) -> Result<&'static dyn AnyResource, Diagnostic> {
        let all = self.registry.resources;
        let found = all.iter().find(|it| it.type_name() == type_name).copied();
        found.ok_or_else(|| unknown("resource", type_name, all.iter().map(|it| it.type_name())))
    }

    /// The data source of that type.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn data_source(&self, type_name: &str) -> Result<&'static dyn AnyDataSource, Diagnostic> {
        let all = self.registry.data_sources;
        let found = all.iter().find(|it| it.type_name() == type_name).copied();
        found.ok_or_else(|| unknown("data source", type_name, all.iter().map(|it| it.type_name())))
    }

    /// The list resource of that type.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn list(&self, type_name: &str) -> Result<&'static dyn AnyList, Diagnostic> {
        let all = self.registry.lists;
        let found = all.iter().find(|it| it.type_name() == type_name).copied();
        found
            .ok_or_else(|| unknown("list resource", type_name, all.iter().map(|it| it.type_name())))
    }

    /// Every problem of a provider block, before environment variables are looked at.
    pub fn validate(&self, config: &Value) -> Diagnostics {
        given::learn_secrets(self.block(), config, environment);
        schema::validate(self.block(), config)
    }

    /// Takes a configuration over, and asks CertCentral once whether key, address and account are right.
    ///
    /// Values that are not known yet are accepted: the call that needs them fails. After any other error,
    /// nothing is called any more.
    pub async fn configure(&self, config: &Value, terraform_version: &str) -> Diagnostics {
        let (given, mut diagnostics) = Given::new(self.block(), config, environment);
        let mut error = first_error(&diagnostics);
        if error.is_none() {
            error = self.take_over(&given, terraform_version).await.err();
            diagnostics.extend(error.clone());
        }
        if let Some(error) = error {
            self.replace(Err(error));
        }
        diagnostics
    }

    async fn take_over(&self, given: &Given, terraform_version: &str) -> Result<(), Diagnostic> {
        if !given.has("api_key") {
            return Err(missing_key(given));
        }
        let unknown = given.unknown();
        if !unknown.is_empty() {
            self.replace(Err(not_known_yet(&unknown)));
            return Ok(());
        }
        let configured = configured(given, terraform_version, &self.locks)?;
        let client = configured.client.clone();
        // In its place before the check, which a stop must reach, too.
        self.replace(Ok(configured));
        client.check().await.map_err(|wrong| check::diagnostic(&wrong, given))
    }

    fn replace(&self, configured: Result<Configured, Diagnostic>) {
        *self.configured.write().unwrap_or_else(PoisonError::into_inner) = configured;
    }

    /// What every operation works with. Where the configuration does not suffice for a call, the call fails.
    pub fn environment(&self) -> Environment {
        let configured = self.configured.read().unwrap_or_else(PoisonError::into_inner);
        match &*configured {
            Ok(Configured { client, journal, run }) => Environment {
                session: Ok(client.session()),
                journal: journal.clone(),
                run: Arc::clone(run),
            },
            Err(reason) => {
                let session = Err(reason.clone());
                Environment { session, journal: None, run: Arc::default() }
            }
        }
    }

    /// Whether a configuration has been taken over. Before that, some rules are only warnings.
    pub fn is_configured(&self) -> bool {
        let configured = self.configured.read().unwrap_or_else(PoisonError::into_inner);
        configured.as_ref().err() != Some(&not_configured())
    }

    /// The run has ended in order: the host has every answer, so that no later run needs its records.
    pub async fn end_run(&self) {
        self.locks.deliver().await;
    }

    /// Ends what is waiting; what is on its way to the API finishes.
    pub fn stop(&self) {
        if let Ok(it) = &*self.configured.read().unwrap_or_else(PoisonError::into_inner) {
            it.client.stop();
        }
    }
}

impl Default for Provider {
    fn default() -> Self {
        Self::new()
    }
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let known = known.collect::<Vec<_>>().join(", ");
    let detail = format!(
        "This provider has no {what} type {name:?}; it has {known}. The configuration or the state may be of \
         another version."
    );
    Diagnostic::error(format!("Unknown {what} type"), detail)
}

fn not_configured() -> Diagnostic {
    let detail = "The provider was asked for something before it was configured.";
    Diagnostic::error("Provider not configured", detail)
}

fn environment(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

fn first_error(diagnostics: &Diagnostics) -> Option<Diagnostic> {
    diagnostics.iter().find(|it| it.severity == Severity::Error).cloned()
}

fn missing_key(given: &Given) -> Diagnostic {
    let detail = "CertCentral cannot be called without an API key. Set `api_key` in the provider block or the \
                  environment variable DIGICERT_API_KEY.";
    given.error("api_key", "Missing API key", detail)
}

fn not_known_yet(unknown: &[&str]) -> Diagnostic {
    let names: Vec<_> = unknown.iter().map(|name| format!("`{name}`")).collect();
    let detail = format!(
        "The provider's {} will only be known after an apply, so CertCentral cannot be called yet. Apply what \
         it depends on first, for example with -target.",
        names.join(", ")
    );
    Diagnostic::error("Provider configuration not known yet", detail)
}

/// What a whole configuration stands for.
fn configured(
    given: &Given,
    terraform_version: &str,
    locks: &Locks,
) -> Result<Configured, Diagnostic> {
    let config = Configuration::from_value(given.config()).map_err(|error| {
        Diagnostic::error("Invalid provider configuration", format!("{error}."))
    })?;
    let recovery_dir = config.recovery_dir.as_deref().map(str::parse).transpose();
    let recovery_dir: Option<RecoveryDir> = recovery_dir.map_err(|rule| {
        let detail = format!("`recovery_dir` {rule}.");
        given.error("recovery_dir", "Invalid provider configuration", detail)
    })?;
    let settings = settings(config, given, terraform_version)?;
    let journal = recovery_dir
        .map(|directory| Journal::new(directory, settings.base_url.to_string(), locks.clone()));
    let client = Client::new(settings).map_err(|error| {
        Diagnostic::error("Invalid provider configuration", format!("{error}."))
    })?;
    Ok(Configured { client, journal, run: Arc::default() })
}

/// Validation has accepted each value before; a file that one names may have changed since.
fn settings(
    config: Configuration,
    given: &Given,
    terraform_version: &str,
) -> Result<Settings, Diagnostic> {
    let invalid = |argument: &'static str, rule: &dyn std::fmt::Display| {
        given.error(argument, "Invalid provider configuration", format!("`{argument}` {rule}."))
    };
    let key = config.api_key.unwrap_or_default();
    let key = certcentral::api_key(key.expose()).map_err(|rule| invalid("api_key", &rule))?;
    let mut settings = Settings::new(key);
    settings.user_agent = format!("{} (Terraform/{terraform_version})", settings.user_agent);
    settings.account_id = config.account_id;
    if let Some(url) = config.base_url {
        settings.base_url = url.parse().map_err(|rule| invalid("base_url", &rule))?;
    }
    if let Some(pem) = config.ca_certificate {
        let parsed = pem.parse().map_err(|rule| invalid("ca_certificate", &rule))?;
        settings.ca_certificate = Some(parsed);
    }
    let time = |argument, text: Option<String>, default: Duration| match text {
        Some(text) => duration(&text).map_err(|rule| invalid(argument, &rule)),
        None => Ok(default),
    };
    settings.request_timeout =
        time("request_timeout", config.request_timeout, settings.request_timeout)?;
    settings.max_retry_wait =
        time("max_retry_wait", config.max_retry_wait, settings.max_retry_wait)?;
    // Validation has seen to the ranges of these two.
    settings.max_retries =
        (config.max_retries.and_then(|n| n.try_into().ok())).unwrap_or(settings.max_retries);
    settings.max_concurrent_requests = (config.max_concurrent_requests)
        .and_then(|n| n.try_into().ok())
        .unwrap_or(settings.max_concurrent_requests);
    settings.refresh_from_lists = config.refresh_from_lists.unwrap_or_default();
    if let Some(limits) = config.rate_limits {
        let parse = |limit: &String| limit.parse().map_err(|rule| invalid("rate_limits", &rule));
        settings.rate_limits = limits.iter().map(parse).collect::<Result<_, _>>()?;
    }
    Ok(settings)
}
