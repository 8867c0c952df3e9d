//! What a list resource is: the existing objects of a resource, for `terraform query`.

use std::pin::Pin;

use tokio::sync::mpsc;

use super::resource::Resource;
use super::{Call, Context, Environment, Failure, Kind, read};
use crate::schema::{self, Attr, Block, Diagnostic, Diagnostics, Json, Model, Severity, Value};

/// A resource whose objects can be listed.
pub trait List: Resource {
    /// Its arguments are those of the `config` block.
    type Filter: Model;

    /// Lists the objects that match, page by page. It ends early once [`Found::push`] says so.
    fn list(
        filter: Self::Filter,
        cx: &mut Context<Self::Memory>,
        found: &mut Found,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// An object that was found, or what there is to say about the search.
#[derive(Default)]
pub struct Event {
    /// The attributes that identify the object; null where there is none.
    pub identity: Value,
    /// A name for people, unique within the list.
    pub display_name: String,
    /// The state of the object, where that was asked for.
    pub object: Value,
    /// Why the object is left out, where its state was asked for.
    pub left_out: Option<String>,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

/// Where a list's objects go.
pub struct Found {
    rows: mpsc::Sender<(String, Json)>,
    left: usize,
}

impl Found {
    /// Passes an object on: its name for people, and a row whose keys are attribute names. Whether more are
    /// wanted: not once the limit is reached, or nobody listens any more.
    pub async fn push(&mut self, display_name: impl Into<String>, row: Json) -> bool {
        if self.left == 0 || self.rows.send((display_name.into(), row)).await.is_err() {
            return false;
        }
        self.left -= 1;
        self.left > 0
    }
}

/// A list under way. It ends when it is done, or when the receiver of its events is gone.
pub type Listing = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The options of a list, in addition to its filter.
pub struct ListOptions {
    /// Whether events carry the state of the object.
    pub include_object: bool,
    /// How many objects at most.
    pub limit: usize,
}

/// Any list resource, as the server sees it.
pub trait AnyList: Send + Sync {
    /// The type of the resource whose objects are listed.
    fn type_name(&self) -> &'static str;
    /// The declaration of the `config` block.
    fn filter(&self) -> &'static Block;
    /// Every problem of a `config` block; before the provider is configured, some are warnings.
    fn validate(&self, config: &Value, offline: bool) -> Diagnostics;
    /// Lists what `config` says.
    fn list(
        &self,
        call: Call,
        options: ListOptions,
        environment: Environment,
        events: mpsc::Sender<Event>,
    ) -> Listing;
}

impl<L: List> AnyList for Kind<L> {
    fn type_name(&self) -> &'static str {
        L::TYPE
    }

    fn filter(&self) -> &'static Block {
        L::Filter::arguments()
    }

    fn validate(&self, config: &Value, offline: bool) -> Diagnostics {
        schema::validate_config(L::Filter::arguments(), config, offline)
    }

    fn list(
        &self,
        call: Call,
        options: ListOptions,
        environment: Environment,
        events: mpsc::Sender<Event>,
    ) -> Listing {
        Box::pin(list::<L>(call.config, options, environment, events))
    }
}

/// Rows are searched for and made into events at once, so that neither waits for a long list.
async fn list<L: List>(
    config: Value,
    options: ListOptions,
    environment: Environment,
    events: mpsc::Sender<Event>,
) {
    let (rows, mut received) = mpsc::channel(1);
    let mut found = Found { rows, left: options.limit };
    let mut cx = Context::new(environment.clone(), &[]);
    let mut reading = Context::new(environment, &[]);
    let search = async {
        let filter = schema::plan(L::Filter::arguments(), &Value::Null, &config, false, "").planned;
        let listed = match L::Filter::from_value(&filter) {
            Ok(filter) => L::list(filter, &mut cx, &mut found).await,
            Err(error) => Err(error.into()),
        };
        drop(found);
        listed.err()
    };
    let report = async {
        while let Some((display_name, row)) = received.recv().await {
            let event = event::<L>(display_name, &row, options.include_object, &mut reading).await;
            if events.send(event).await.is_err() {
                break;
            }
        }
        // Dropped, so that the search learns that nobody listens.
        drop(received);
    };
    let (failure, ()) = tokio::join!(search, report);
    let mut diagnostics = std::mem::take(&mut cx.diagnostics);
    diagnostics.extend(failure.map(|it| it.into_diagnostic("list", L::TYPE, L::TYPE)));
    if diagnostics.iter().next().is_some() {
        // An error means that the host is gone.
        let _ = events.send(Event { diagnostics, ..Event::default() }).await;
    }
}

async fn event<L: List>(
    display_name: String,
    row: &Json,
    include_object: bool,
    cx: &mut Context<L::Memory>,
) -> Event {
    let (state, mismatches) = schema::refresh(L::block(), &Value::Null, row);
    let mut event =
        Event { identity: L::IDENTITY.of(&state, cx.account()), display_name, ..Event::default() };
    if !mismatches.is_empty() {
        let detail = format!("{}: {}.", L::TYPE, read::list(&mismatches));
        event.diagnostics.push(Diagnostic::warning(read::UNREADABLE_ANSWER, detail));
    }
    if include_object {
        let object = object::<L>(state, cx).await;
        let diagnostics = std::mem::take(&mut cx.diagnostics);
        let left_out = (!diagnostics.has_error()).then(|| why_left_out::<L>(&object)).flatten();
        match left_out {
            None => {
                event.object = object;
                event.diagnostics.extend(diagnostics);
            }
            // Terraform skips an event without an identity, and shows its warnings.
            Some(reason) => {
                event.diagnostics.push(left_out_of_list(L::TYPE, &event.display_name, &reason));
                (event.identity, event.left_out) = (Value::Null, Some(reason));
            }
        }
    }
    event
}

/// The state that an import of a listed object leads to; null if it has been deleted since it was listed.
async fn object<L: List>(listed: Value, cx: &mut Context<L::Memory>) -> Value {
    cx.private = L::Memory::default();
    let id = listed.attribute("id").as_str().unwrap_or_default().to_owned();
    let imported = read::import::<L>(id, &Value::Null, cx).await;
    // The account has listed the object, so the object belongs to it.
    cx.remember_account();
    let mut object = Value::Null;
    if imported.is_null() {
        // The error of the import does not say whether the object exists.
        let errors = std::mem::take(&mut cx.diagnostics);
        if !read::read::<L>(listed, &Value::Null, cx).await.is_null() {
            cx.diagnostics = errors;
        }
    } else {
        object = read::read::<L>(imported, &Value::Null, cx).await;
    }
    schema::remove_write_only(L::block(), &mut object);
    object
}

/// Why there is no configuration for this state. Organizations without contacts have none for their contacts, for
/// example.
fn why_left_out<L: List>(state: &Value) -> Option<String> {
    if state.is_null() {
        return Some("it no longer exists".to_owned());
    }
    let config = schema::configuration(L::block(), state);
    let mut problems = schema::validate_config(L::block(), &config, false);
    L::validate_config(&config, &mut problems);
    let problem = problems.iter().find(|it| it.severity == Severity::Error)?;
    Some(format!(
        "its values are not a valid configuration: {}",
        problem.detail.trim_end_matches('.')
    ))
}

fn left_out_of_list(type_name: &str, display_name: &str, reason: &str) -> Diagnostic {
    let detail = format!("{type_name} {display_name:?} is left out: {reason}.");
    Diagnostic::warning("Object left out", detail)
}
