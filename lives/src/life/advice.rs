//! Follows what errors advise, as a person would.

use std::fs;
use std::path::Path;

use super::judge::Done;
use super::{Life, judge};
use crate::core::{Address, By, Import};

impl Life {
    /// Does what the errors of a run say before the next one.
    pub(super) fn follow(&mut self, done: &Done) {
        for (address, said) in done.said.iter().filter(|(_, it)| it.is_error) {
            self.follow_one(*address, &said.detail);
        }
    }

    fn follow_one(&mut self, address: Address, text: &str) {
        let id = imported(text);
        let is_managed = id.as_deref().is_some_and(|id| self.is_managed(address.of, id));
        let file = self.recovery.as_deref().and_then(|it| record(text, it));
        if let Some(file) = &file {
            if text.contains("rename the record") && !is_managed {
                // An error shows in the next run: the file is still there.
                let _ = fs::rename(file, Path::new(file).with_extension("record"));
                return;
            }
            let _ = fs::remove_file(file);
        }
        if text.contains("remove `create_before_destroy`")
            && let Some(resource) = self.config.get_mut(&address)
        {
            resource.create_before_destroy = false;
        }
        if let Some((_, rest)) = text.split_once("Configure a `")
            && let Some((name, _)) = rest.split_once('`')
            && let Some(resource) = self.config.get_mut(&address)
        {
            resource.config[name] = "as advised".into();
        } else if (text.contains("Configure `") || text.contains("estore the"))
            && let Some(resource) = self.applied.get(&address)
        {
            self.story.push("  the error says to restore the previous arguments".to_owned());
            self.config.insert(address, resource.clone());
        }
        if text.contains("-replace=") {
            self.replace = Some(address);
        }
        if text.contains("destroys it at") && self.forget_removed(address) {
            return;
        }
        if text.contains("terraform state rm") {
            // While a move is not applied, the state has the old address.
            self.forget(self.stored_address(address), None);
        }
        let is_wanted = self.config.contains_key(&address) && self.state.object(address).is_none();
        if let Some(id) = id.filter(|_| is_wanted && !is_managed) {
            self.story.push(format!("  the error says to import {id} to {address}"));
            if let Some(resource) = self.config.get(&address) {
                self.keys.remove(&(address.of, resource.number));
            }
            self.imports.retain(|it| it.to != address);
            self.imports.push(Import { to: address, by: By::Id(id) });
        }
    }

    /// Removes from the state what is to be destroyed at addresses of this type that are not configured, if there are
    /// any.
    fn forget_removed(&mut self, address: Address) -> bool {
        let removed = self.state.0.keys().filter(|it| it.of == address.of);
        let removed: Vec<_> = removed.filter(|it| !self.config.contains_key(it)).copied().collect();
        let found = !removed.is_empty();
        removed.into_iter().for_each(|it| self.forget(it, None));
        found
    }

    /// The address that the state has: while moves are not applied, the old one.
    fn stored_address(&self, address: Address) -> Address {
        let mut stored = address;
        // A chain of moves is not longer than the list.
        for _ in &self.moved {
            if self.state.0.contains_key(&stored) {
                break;
            }
            let from = self.moved.iter().find(|(_, to)| *to == stored);
            stored = from.map_or(stored, |it| it.0);
        }
        stored
    }

    fn is_managed(&self, of: &str, id: &str) -> bool {
        let owns = |value| judge::owned(of, value).iter().any(|it| it.to_string() == id);
        self.state.objects().any(|(address, it)| address.of == of && owns(&it.value))
    }

    /// A person removes an `import` block that finds nothing.
    pub(super) fn drop_failed_imports(&mut self, done: &Done) {
        let failed = |it: &Import| {
            done.said.iter().any(|(address, said)| said.is_error && *address == it.to)
        };
        self.imports.retain(|it| !failed(it));
    }
}

/// The ID in the `import` block of a text.
fn imported(text: &str) -> Option<String> {
    let (_, block) = text.split_once("import {")?;
    let (_, rest) = block.split_once("id = \"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// The record that a text names.
fn record(text: &str, directory: &Path) -> Option<String> {
    let prefix = directory.display().to_string();
    let words = text.split(|it: char| it.is_whitespace() || it == ',' || it == ';' || it == ':');
    let mut files = words.filter(|it| it.starts_with(&prefix)).map(|it| it.trim_end_matches('.'));
    files.find(|it| Path::new(it).is_file()).map(str::to_owned)
}
