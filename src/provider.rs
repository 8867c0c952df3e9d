//! From the provider block to a client, and the list of what the provider manages.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use crate::certcentral::{
    BaseUrl, CaCertificate, Client, Id, RateLimit, Session, Settings, duration,
};
use crate::model;
use crate::recovery::{Held, Journal};
use crate::resource::AnyResource;
use crate::resources::RESOURCES;
use crate::schema::{
    self, Attr, Attribute, Block, Diagnostic, Diagnostics, Model, Object, Path, Value,
};
use crate::secret::Secret;

model! {
    /// Administers a DigiCert CertCentral account: its notification settings, subaccounts with their
    /// one-time API keys, users, organization contacts and subaccount invites.
    ///
    /// Every argument is optional. A value in the block wins over its environment variable.
    pub struct Configuration {
        /// API key of an administrator of the account.
        #[attr(env("DIGICERT_API_KEY"))]
        pub api_key: Option<Secret>,
        /// Address of the CertCentral instance, `https://www.digicert.com/services/v2` by default. European
        /// accounts need `https://certcentral.digicert.eu/services/v2`. Plain `http` is
        /// accepted for loopback hosts only.
        #[attr(env("DIGICERT_BASE_URL"), parses(parses::<BaseUrl>))]
        pub base_url: Option<String>,
        /// Account the key must belong to. Before the first call of a run, the account behind the key is
        /// looked up, and another one is an error.
        #[attr(env("DIGICERT_ACCOUNT_ID"))]
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
        #[attr(env("DIGICERT_CA_CERTIFICATE"), parses(parses::<CaCertificate>))]
        pub ca_certificate: Option<String>,
        /// Folder that outlives a run, in which the opening of each subaccount is recorded until a refresh
        /// shows it in the state. It protects what Terraform cannot: where a run is killed before its
        /// state is saved, the next apply takes the subaccount and its one-time `api_key` over from the
        /// record. Where the answer had not arrived yet, the next apply opens nothing and names what may
        /// have been opened. Keys lie in this folder for that time, so it must belong to the user who
        /// runs Terraform, with mode 0700; it is made where it is missing. Pipelines need one that is
        /// still there in their next run.
        #[attr(env("DIGICERT_RECOVERY_DIR"), min_len(1))]
        pub recovery_dir: Option<String>,
    }
}

fn parses<T: std::str::FromStr<Err: ToString>>(text: &str) -> Result<(), String> {
    text.parse::<T>().map(drop).map_err(|error| error.to_string())
}

fn parses_duration(text: &str) -> Result<(), String> {
    duration(text).map(drop).map_err(|error| error.to_string())
}

/// The provider of one process: its configuration, once it has one, and its resources.
pub struct Provider {
    configured: RwLock<Result<Configured, Diagnostic>>,
    /// Outlives every configuration: a debugged process is given several.
    held: Held,
    block: Block,
}

/// What a configuration amounts to.
struct Configured {
    client: Client,
    journal: Option<Journal>,
}

impl Provider {
    /// A provider that has not been configured yet.
    pub fn new() -> Self {
        let detail = "The provider was asked for something before it was configured.";
        let configured = RwLock::new(Err(Diagnostic::error("Provider not configured", detail)));
        Self { configured, held: Held::default(), block: Configuration::block() }
    }

    /// The schema of the provider block.
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// Every resource.
    pub fn resources(&self) -> impl Iterator<Item = &'static dyn AnyResource> {
        RESOURCES.iter().map(|resource| &**resource)
    }

    /// The resource of that type.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn resource(&self, type_name: &str) -> Result<&'static dyn AnyResource, Diagnostic> {
        self.resources().find(|resource| resource.type_name() == type_name).ok_or_else(|| {
            let known: Vec<_> = self.resources().map(|resource| resource.type_name()).collect();
            let detail = format!(
                "This provider has no resource type {type_name:?}; it has {}. The configuration or the \
                 state may be of another version.",
                known.join(", ")
            );
            Diagnostic::error("Unknown resource type", detail)
        })
    }

    /// Every problem of a provider block, before environment variables are looked at.
    pub fn validate(&self, config: &Value) -> Diagnostics {
        schema::validate(&self.block, config)
    }

    /// Takes a configuration over. Nothing is called; what is missing is said by the first call.
    pub fn configure(&self, config: &Value, terraform_version: &str) -> Diagnostics {
        let (config, diagnostics) = self.with_environment(config, |name| std::env::var(name).ok());
        if diagnostics.has_error() {
            return diagnostics;
        }
        let configured = configured(&config, terraform_version, &self.held);
        *self.configured.write().unwrap_or_else(PoisonError::into_inner) = configured;
        diagnostics
    }

    /// A handle for one operation.
    ///
    /// # Errors
    ///
    /// When the configuration does not suffice for a call.
    pub fn session(&self) -> Result<Session, Diagnostic> {
        let configured = self.configured.read().unwrap_or_else(PoisonError::into_inner);
        configured.as_ref().map(|it| it.client.session()).map_err(Clone::clone)
    }

    /// Where answers that come once are recorded, if that is configured.
    pub fn journal(&self) -> Option<Journal> {
        let configured = self.configured.read().unwrap_or_else(PoisonError::into_inner);
        configured.as_ref().ok()?.journal.clone()
    }

    /// Ends what is waiting; what is on its way to the API finishes.
    pub fn stop(&self) {
        if let Ok(it) = &*self.configured.read().unwrap_or_else(PoisonError::into_inner) {
            it.client.stop();
        }
    }

    /// The block with environment variables where it says nothing, and every problem of the whole.
    fn with_environment(
        &self,
        config: &Value,
        variable: impl Fn(&str) -> Option<String>,
    ) -> (Value, Diagnostics) {
        let mut diagnostics = self.validate(config);
        let mut merged = Object::new();
        for attribute in &self.block.attributes {
            let configured = config.attribute(attribute.name).clone();
            let from_environment = (attribute.env.filter(|_| configured.is_null()))
                .and_then(|name| Some((name, variable(name).filter(|text| !text.is_empty())?)));
            let value = match from_environment {
                Some((name, text)) => {
                    let value = Value::String(text);
                    diagnostics.extend(environment_problems(attribute, name, &value));
                    value
                }
                None => configured,
            };
            merged.insert(attribute.name, value);
        }
        (Value::Object(merged), diagnostics)
    }
}

impl Default for Provider {
    fn default() -> Self {
        Self::new()
    }
}

fn environment_problems(attribute: &Attribute, variable: &str, value: &Value) -> Diagnostics {
    let block = Block { description: String::new(), attributes: vec![attribute.clone()] };
    let config = Value::Object([(attribute.name, value.clone())].into());
    let mut problems = Diagnostics::default();
    for mut problem in schema::validate(&block, &config) {
        // The configuration has no line that could be shown.
        problem.path = None;
        problem.detail += &format!(" It comes from the environment variable {variable}.");
        problems.push(problem);
    }
    problems
}

/// What a whole configuration stands for, or why it does not suffice.
fn configured(
    config: &Value,
    terraform_version: &str,
    held: &Held,
) -> Result<Configured, Diagnostic> {
    let unknown: Vec<_> = config
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| !value.is_wholly_known())
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    if !unknown.is_empty() {
        let detail = format!(
            "The provider's {} will only be known after an apply, so CertCentral cannot be called yet. \
             Apply what it depends on first, for example with -target.",
            unknown.join(", ")
        );
        return Err(Diagnostic::error("Provider configuration not known yet", detail));
    }
    let config = Configuration::from_value(config);
    let recovery_dir = config.recovery_dir.clone();
    let settings = settings(config, terraform_version)?;
    let journal = recovery_dir
        .map(|folder| Journal::new(&folder, settings.base_url.to_string(), held.clone()));
    let client = Client::new(settings).map_err(|error| {
        Diagnostic::error("Invalid provider configuration", format!("{error}."))
    })?;
    Ok(Configured { client, journal })
}

fn settings(config: Configuration, terraform_version: &str) -> Result<Settings, Diagnostic> {
    let Some(api_key) = config.api_key else {
        let detail = "CertCentral cannot be called without an API key. Set `api_key` in the provider \
                      block or the environment variable DIGICERT_API_KEY.";
        return Err(Diagnostic::error("Missing API key", detail).at(Path::of("api_key")));
    };
    let mut settings = Settings::new(api_key);
    settings.user_agent = format!("{} (Terraform/{terraform_version})", settings.user_agent);
    settings.account_id = config.account_id;
    settings.base_url = checked("base_url", config.base_url)?.unwrap_or(settings.base_url);
    settings.ca_certificate = checked("ca_certificate", config.ca_certificate)?;
    let time = |name, text: Option<String>, default: Duration| match text {
        Some(text) => duration(&text).map_err(|error| invalid(name, &error.to_string())),
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
        let parse = |limit: String| checked("rate_limits", Some(limit)).transpose();
        settings.rate_limits = limits.into_iter().filter_map(parse).collect::<Result<_, _>>()?;
    }
    Ok(settings)
}

fn checked<T: std::str::FromStr<Err: ToString>>(
    name: &'static str,
    text: Option<String>,
) -> Result<Option<T>, Diagnostic> {
    text.map(|text| text.parse().map_err(|error: T::Err| invalid(name, &error.to_string())))
        .transpose()
}

/// Validation has accepted the value before; a file it names may have changed since.
fn invalid(name: &'static str, rule: &str) -> Diagnostic {
    Diagnostic::error("Invalid provider configuration", format!("`{name}` {rule}."))
        .at(Path::of(name))
}
