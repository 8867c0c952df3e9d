//! The provider block, the client that is built from it, and the registry of what the provider serves.

mod check;
mod given;
mod registry;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use given::Given;
use registry::REGISTRY;

use crate::certcentral::{
    self, BaseUrl, CaCertificate, Client, Id, RateLimit, Settings, Transport, duration,
};
use crate::kind::{AnyDataSource, AnyList, AnyResource, Environment, Registry, Run};
use crate::model;
use crate::recovery::{Journal, Locks, RecoveryDir};
use crate::schema::{self, Attr, Block, Diagnostic, Diagnostics, Model, Severity, Value};
use crate::secret::Secret;

model! {
    /// Manages users, service users, API keys, divisions, organizations and their contacts, subaccounts with their
    /// one-time API keys, subaccount invites, settings, the webhook and custom fields of a DigiCert CertCentral
    /// account.
    ///
    /// All arguments are optional. Arguments in the provider block take precedence over environment variables.
    ///
    /// DigiCert's API documentation: [CertCentral Services API](https://dev.digicert.com/services-api/)
    pub struct Configuration {
        /// API key of an administrator of the account. White space at its ends is ignored.
        #[attr(env("DIGICERT_API_KEY"), parses(parses_api_key))]
        pub api_key: Option<Secret>,
        /// Base URL of the CertCentral API. Defaults to `https://www.digicert.com/services/v2`. European accounts
        /// need `https://certcentral.digicert.eu/services/v2`. `http` is allowed only for loopback addresses.
        #[attr(env("DIGICERT_BASE_URL"), confidential, parses(parses::<BaseUrl>))]
        pub base_url: Option<String>,
        /// ID of the account the API key must belong to. If the key belongs to another account, the provider
        /// fails before it reads or changes anything.
        #[attr(env("DIGICERT_ACCOUNT_ID"), confidential)]
        pub account_id: Option<Id>,
        /// Timeout for one HTTP request, for example `30s`. Defaults to `60s`. Requests that return a one-time
        /// key are allowed at least 5 minutes.
        #[attr(parses(parses_duration))]
        pub request_timeout: Option<String>,
        /// Maximum number of retries of a request that can be retried. Defaults to `5`.
        #[attr(range(0, 20))]
        pub max_retries: Option<i64>,
        /// Maximum total time to wait between the retries of one request, including `Retry-After`. Defaults to
        /// `4m`. If it would be exceeded, the request fails, and the error states when to try again.
        #[attr(parses(parses_duration))]
        pub max_retry_wait: Option<String>,
        /// Client-side rate limits, as rolling windows in the form `<requests>/<duration>`. Defaults to
        /// `["100/5s", "1000/3m"]`, DigiCert's limits for a key. Lower them if several pipelines share a key.
        /// `[]` disables rate limiting.
        #[attr(parses(parses::<RateLimit>))]
        pub rate_limits: Option<Vec<String>>,
        /// Maximum number of concurrent read requests. Defaults to `4`. Write requests are sent one at a time,
        /// as DigiCert recommends.
        #[attr(range(1, 32))]
        pub max_concurrent_requests: Option<i64>,
        /// Whether a refresh treats attributes that the list of users does not return as unchanged. Defaults to
        /// `false`: such attributes are read from each user. With `true`, 1,000 users are refreshed from the
        /// pages of the list, but changes made outside Terraform to these attributes are not detected
        /// (`is_saml_sso_only`, `container_id_assignments`, and in some accounts `job_title` and `telephone`).
        pub refresh_from_lists: Option<bool>,
        /// Additional CA certificates to trust, as PEM text or as the path of a PEM file.
        #[attr(env("DIGICERT_CA_CERTIFICATE"), confidential, parses(parses::<CaCertificate>))]
        pub ca_certificate: Option<String>,
        /// Directory on persistent storage in which the provider records the creation of each subaccount until
        /// the subaccount is in the state: an absolute path, or one that begins with `~/`. If a run is
        /// terminated before Terraform saves the state, the next apply restores the subaccount and its one-time
        /// `api_key` from the record. If no response had been recorded, the next apply creates nothing and
        /// reports the subaccount that may exist. The directory temporarily contains API keys, so it must be
        /// owned by the user who runs Terraform and have mode 0700. It is created if missing. In pipelines, it
        /// must still exist in the next run.
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

/// The provider of one process: its registry and, after `ConfigureProvider`, its configuration.
pub struct Provider {
    registry: Registry,
    configured: RwLock<Result<Configured, Diagnostic>>,
    /// Shared by all configurations: a process in debug mode is configured several times.
    locks: Locks,
    /// Sends the requests in place of HTTP, in a simulation.
    transport: Option<Arc<dyn Transport>>,
}

/// What is built from a valid configuration.
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

    /// A provider that serves another registry.
    pub fn with(registry: Registry) -> Self {
        let configured = RwLock::new(Err(not_configured()));
        Self { registry, configured, locks: Locks::default(), transport: None }
    }

    /// The same provider, whose requests are sent by `transport` instead of HTTP.
    #[must_use]
    pub fn simulated(self, transport: Arc<dyn Transport>) -> Self {
        Self { transport: Some(transport), ..self }
    }

    /// The schema of the provider block.
    pub fn block(&self) -> &'static Block {
        Configuration::block()
    }

    /// The resources, data sources and list resources of the provider.
    pub fn registry(&self) -> Registry {
        self.registry
    }

    /// The resource with this type name.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn resource(&self, type_name: &str) -> Result<&'static dyn AnyResource, Diagnostic> {
        by_type("resource", type_name, self.registry.resources, |it| it.type_name())
    }

    /// The data source with this type name.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn data_source(&self, type_name: &str) -> Result<&'static dyn AnyDataSource, Diagnostic> {
        by_type("data source", type_name, self.registry.data_sources, |it| it.type_name())
    }

    /// The list resource with this type name.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn list(&self, type_name: &str) -> Result<&'static dyn AnyList, Diagnostic> {
        by_type("list resource", type_name, self.registry.lists, |it| it.type_name())
    }

    /// Validates a provider block without the environment variables.
    pub fn validate(&self, config: &Value) -> Diagnostics {
        given::learn_secrets(self.block(), config, environment);
        schema::validate(self.block(), config)
    }

    /// Configures the provider, and checks key, address and account with one request to CertCentral.
    ///
    /// Unknown values are accepted: an operation that needs the client fails. After any other error, no
    /// request is sent.
    pub async fn configure(&self, config: &Value, terraform_version: &str) -> Diagnostics {
        let (given, mut diagnostics) = Given::new(self.block(), config, environment);
        let mut error = first_error(&diagnostics);
        if error.is_none() {
            error = self.try_configure(&given, terraform_version).await.err();
            diagnostics.extend(error.clone());
        }
        if let Some(error) = error {
            self.replace(Err(error));
        }
        diagnostics
    }

    async fn try_configure(
        &self,
        given: &Given,
        terraform_version: &str,
    ) -> Result<(), Diagnostic> {
        if !given.has("api_key") {
            return Err(missing_key(given));
        }
        let unknown = given.unknown();
        if !unknown.is_empty() {
            self.replace(Err(not_known_yet(&unknown)));
            return Ok(());
        }
        let configured = self.build(given, terraform_version)?;
        let client = configured.client.clone();
        // Set before the check, so that a stop interrupts the check too.
        self.replace(Ok(configured));
        client.check().await.map_err(|wrong| check::diagnostic(&wrong, given))
    }

    /// Builds the client and the journal from known values.
    fn build(&self, given: &Given, terraform_version: &str) -> Result<Configured, Diagnostic> {
        let config = Configuration::from_value(given.config()).map_err(|error| {
            Diagnostic::error("Invalid provider configuration", format!("{error}."))
        })?;
        let recovery_dir = config.recovery_dir.as_deref().map(str::parse).transpose();
        let recovery_dir: Option<RecoveryDir> = recovery_dir.map_err(|rule| {
            let detail = format!("`recovery_dir` {rule}.");
            given.error("recovery_dir", "Invalid provider configuration", detail)
        })?;
        let mut settings = settings(config, given, terraform_version)?;
        settings.transport.clone_from(&self.transport);
        let journal = recovery_dir.map(|directory| {
            Journal::new(directory, settings.base_url.to_string(), self.locks.clone())
        });
        let client = Client::new(settings).map_err(|error| {
            Diagnostic::error("Invalid provider configuration", format!("{error}."))
        })?;
        Ok(Configured { client, journal, run: Arc::default() })
    }

    fn replace(&self, configured: Result<Configured, Diagnostic>) {
        *self.configured.write().unwrap_or_else(PoisonError::into_inner) = configured;
    }

    /// What every operation works with. Without a usable configuration, it has an error instead of a
    /// client.
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

    /// Whether the provider has been configured. Before that, some rules are only warnings.
    pub fn is_configured(&self) -> bool {
        let configured = self.configured.read().unwrap_or_else(PoisonError::into_inner);
        configured.as_ref().err() != Some(&not_configured())
    }

    /// Marks the records of this run as delivered: the run ended normally, so the host has every response.
    pub async fn end_run(&self) {
        self.locks.deliver().await;
    }

    /// Cancels requests that are waiting. Requests that have been sent are completed.
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

/// The one of `all` that has this type name; the error names those there are.
fn by_type<T: ?Sized>(
    what: &str,
    name: &str,
    all: &'static [&'static T],
    name_of: fn(&T) -> &'static str,
) -> Result<&'static T, Diagnostic> {
    let found = all.iter().find(|it| name_of(it) == name).copied();
    found.ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|it| name_of(it)).collect();
        unknown(what, name, &known.join(", "))
    })
}

fn unknown(what: &str, name: &str, known: &str) -> Diagnostic {
    let detail = format!(
        "This provider has no {what} type {name:?}. Supported types: {known}. The configuration or the state may \
         belong to another version of the provider."
    );
    Diagnostic::error(format!("Unknown {what} type"), detail)
}

fn not_configured() -> Diagnostic {
    let detail = "The provider was used before it was configured. This is a bug in Terraform or in the provider.";
    Diagnostic::error("Provider not configured", detail)
}

fn environment(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

fn first_error(diagnostics: &Diagnostics) -> Option<Diagnostic> {
    diagnostics.iter().find(|it| it.severity == Severity::Error).cloned()
}

fn missing_key(given: &Given) -> Diagnostic {
    let detail = "No API key is configured. Set `api_key` in the provider block or the \
                  environment variable DIGICERT_API_KEY.";
    given.error("api_key", "Missing API key", detail)
}

fn not_known_yet(unknown: &[&str]) -> Diagnostic {
    let names: Vec<_> = unknown.iter().map(|name| format!("`{name}`")).collect();
    let detail = format!(
        "Provider arguments depend on values that are not known until apply: {}. Apply the resources that they \
         depend on first, for example with -target.",
        names.join(", ")
    );
    Diagnostic::error("Provider configuration not known yet", detail)
}

/// The settings of the client. Each value has passed validation, but a file may have changed since.
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
    // Validation has checked the ranges of these two.
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
