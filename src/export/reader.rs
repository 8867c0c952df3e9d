//! Reads the objects of one type.

use std::collections::BTreeSet;
use std::io;

use tokio::sync::mpsc;

use super::files;
use super::names::natural_name;
use super::progress::Progress;
use super::spool::{Object, Spool};
use crate::kind::{AnyList, AnyResource, Call, Environment, Event, Existing, ListOptions, Remark};
use crate::provider::Provider;
use crate::schema::{
    self, Attribute, Block, Diagnostic, Diagnostics, Kind, Severity, Value, configuration,
};

/// Reads the objects of one type into a spool.
pub(super) struct Reader<'a> {
    resource: &'static dyn AnyResource,
    search: Option<&'a str>,
    environment: Environment,
    progress: &'a Progress,
    spool: Spool,
    errors: Diagnostics,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        resource: &'static dyn AnyResource,
        search: Option<&'a str>,
        provider: &Provider,
        progress: &'a Progress,
        spool: Spool,
    ) -> Self {
        let (environment, errors) = (provider.environment(), Diagnostics::default());
        Self { resource, search, environment, progress, spool, errors }
    }

    /// Reads what the list resource of the type finds.
    pub(super) async fn read_list(&mut self, list: &'static dyn AnyList) -> io::Result<()> {
        let (events, mut received) = mpsc::channel(1);
        let options = ListOptions { include_object: true, limit: usize::MAX };
        let config = filter(list.filter(), self.search);
        let is_searched = !config.attribute(SEARCH).is_null();
        let call = Call { config, ..Call::default() };
        let listing = list.list(call, options, self.environment.clone(), events);
        let take = async {
            while let Some(event) = received.recv().await {
                if is_searched
                    || event.display_name.is_empty()
                    || self.is_wanted(&event.display_name)
                {
                    self.take_event(event)?;
                }
            }
            Ok(())
        };
        let ((), taken) = tokio::join!(listing, take);
        taken
    }

    /// Reads the objects of a type that has no list resource: each one is imported.
    pub(super) async fn read_existing(&mut self) -> io::Result<()> {
        let found = match self.resource.existing(self.environment.clone()).await {
            Ok(found) => found,
            Err(error) => {
                self.errors.push(error);
                return Ok(());
            }
        };
        for existing in &found {
            if !self.is_wanted(&existing.name) {
                continue;
            }
            let (state, diagnostics) = self.import(&existing.import_id).await;
            if diagnostics.has_error() && self.is_gone(existing).await {
                self.note_left_out(&existing.name, "", GONE);
                continue;
            }
            self.take(state, &existing.name, Some(&existing.import_id), diagnostics)?;
        }
        Ok(())
    }

    /// The objects, and the errors.
    pub(super) fn finish(mut self) -> io::Result<(Spool, Diagnostics)> {
        self.spool.complete()?;
        Ok((self.spool, self.errors))
    }

    /// The state after an import by this ID and the read that follows it.
    async fn import(&self, id: &str) -> (Value, Diagnostics) {
        let environment = || self.environment.clone();
        let imported = self.resource.import(id.to_owned(), Value::Null, environment()).await;
        let mut diagnostics = imported.diagnostics;
        if diagnostics.has_error() {
            return (Value::Null, diagnostics);
        }
        let (prior, private, identity) = (imported.state, imported.private, imported.identity);
        let call = Call { prior, private, identity, ..Call::default() };
        let read = self.resource.read(call, environment()).await;
        diagnostics.extend(read.diagnostics);
        (read.state, diagnostics)
    }

    async fn is_gone(&self, existing: &Existing) -> bool {
        let now = self.resource.existing(self.environment.clone()).await;
        now.is_ok_and(|now| now.iter().all(|it| it.import_id != existing.import_id))
    }

    fn take_event(&mut self, event: Event) -> io::Result<()> {
        let Event { display_name, object, left_out, diagnostics, .. } = event;
        if display_name.is_empty() && object.is_null() {
            // The list as a whole.
            self.report(&diagnostics, "");
            return Ok(());
        }
        if let Some(reason) = left_out.filter(|_| !diagnostics.has_error()) {
            self.note_left_out(&display_name, "", &reason);
            return Ok(());
        }
        self.take(object, &display_name, None, diagnostics)
    }

    fn take(
        &mut self,
        state: Value,
        display_name: &str,
        import_id: Option<&str>,
        diagnostics: Diagnostics,
    ) -> io::Result<()> {
        self.progress.advance();
        if diagnostics.has_error() {
            self.report(&diagnostics, display_name);
            return Ok(());
        }
        if state.is_null() {
            self.note_left_out(display_name, "", GONE);
            return Ok(());
        }
        if self.add(&state, display_name, import_id)? {
            self.report(&diagnostics, display_name);
        }
        Ok(())
    }

    /// Adds an object that exists, unless it has no configuration whose plan changes nothing. Whether it was
    /// added.
    fn add(
        &mut self,
        state: &Value,
        display_name: &str,
        import_id: Option<&str>,
    ) -> io::Result<bool> {
        let block = self.resource.block();
        let config = configuration(block, state);
        let id = state.attribute("id").as_str().unwrap_or_default();
        let comment = match self.resource.remark(state) {
            Some(Remark::LeaveOut(reason)) => {
                self.note_left_out(display_name, id, &reason);
                return Ok(false);
            }
            Some(Remark::Comment(comment)) => Some(comment),
            None => None,
        };
        let problems = self.resource.validate(&config, false);
        if let Some(problem) = problems.iter().find(|it| it.severity == Severity::Error) {
            let reason = format!("its values are not a valid configuration: {}", problem.detail);
            self.note_left_out(display_name, id, &reason);
            return Ok(false);
        }
        note_unreadable(block, &config, "", &mut self.spool.unreadable);
        let mut arguments = String::new();
        schema::write_body(&mut arguments, block, &config, 1, &files::open_reference);
        self.spool.push(Object {
            id,
            import_id: import_id.unwrap_or(id),
            name: natural_name(block, &config).unwrap_or(display_name),
            comment,
            arguments: &arguments,
        })?;
        Ok(true)
    }

    fn is_wanted(&self, name: &str) -> bool {
        self.search.is_none_or(|text| name.to_lowercase().contains(&text.to_lowercase()))
    }

    fn report(&mut self, diagnostics: &Diagnostics, display_name: &str) {
        for diagnostic in diagnostics.iter() {
            match diagnostic.severity {
                Severity::Error => self.errors.push(diagnostic.clone()),
                Severity::Warning => self.note_warning(diagnostic, display_name),
            }
        }
    }

    fn note_warning(&self, warning: &Diagnostic, display_name: &str) {
        let Diagnostic { summary, detail, .. } = warning;
        let object = format!("{} {display_name}", self.resource.type_name());
        self.progress.note(&format!("Warning: {}: {summary}: {detail}", object.trim_end()));
    }

    fn note_left_out(&self, display_name: &str, id: &str, reason: &str) {
        let type_name = self.resource.type_name();
        // Many lists have the ID in the name already.
        let id = if display_name.contains(id) { String::new() } else { format!(" ({id})") };
        let reason = reason.trim_end_matches('.');
        self.progress.note(&format!("Left out: {type_name} {display_name}{id}: {reason}."));
    }
}

const GONE: &str = "it no longer exists";

/// The filter of a list that searches for a text, if the list can do that.
fn filter(block: &Block, search: Option<&str>) -> Value {
    let value = |it: &Attribute| match search {
        // CertCentral takes a text that begins with % as a part, and any other one as a whole.
        Some(text) if it.name == SEARCH => {
            Value::String(format!("%{}", text.trim_start_matches('%')))
        }
        _ => Value::Null,
    };
    Value::Object(block.attributes.iter().map(|it| (it.name, value(it))).collect())
}

const SEARCH: &str = "search";

/// Notes arguments that have no value because CertCentral does not return one, or because it is a secret.
fn note_unreadable(block: &Block, config: &Value, within: &str, found: &mut BTreeSet<String>) {
    for attribute in block.attributes.iter().filter(|it| it.is_configurable()) {
        let (value, name) =
            (config.attribute(attribute.name), format!("{within}{}", attribute.name));
        match &attribute.kind {
            Kind::Block(inner) if !value.is_null() => {
                note_unreadable(inner, value, &format!("{name}."), found);
            }
            _ if value.is_null() && is_unreadable(attribute) => {
                found.insert(name);
            }
            _ => {}
        }
    }
}

fn is_unreadable(attribute: &Attribute) -> bool {
    let is_read = !attribute.not_returned && !attribute.read_if_configured;
    !attribute.provider_only && !attribute.write_only && !is_read
}
