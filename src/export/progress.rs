//! How far an export is: a bar on a terminal, and elsewhere a line for each type.

use std::cell::RefCell;
use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

use crate::certcentral::printable;

/// Shows the progress on stderr.
pub(super) struct Progress {
    /// On a terminal.
    bar: Option<ProgressBar>,
    /// Writes a line to stderr.
    print: fn(&str),
    current: RefCell<(&'static str, usize)>,
}

impl Progress {
    /// For this number of types.
    pub(super) fn new(types: usize, print: fn(&str)) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(types as u64);
            ProgressStyle::with_template("[{bar:30}] {pos}/{len} {msg}")
                .map(|style| bar.set_style(style))
                .ok();
            bar
        });
        Self { bar, print, current: RefCell::default() }
    }

    /// The objects of a type are read from now on.
    pub(super) fn begin(&self, type_name: &'static str) {
        *self.current.borrow_mut() = (type_name, 0);
        if let Some(bar) = &self.bar {
            bar.set_message(type_name);
        }
    }

    /// Another object was read.
    pub(super) fn advance(&self) {
        let (type_name, count) = &mut *self.current.borrow_mut();
        *count += 1;
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{type_name}: {count}"));
        }
    }

    /// All objects of the type were read, and this number of them is exported.
    pub(super) fn end(&self, exported: usize) {
        match &self.bar {
            Some(bar) => bar.inc(1),
            None => (self.print)(&format!("{}: {exported}", self.current.borrow().0)),
        }
    }

    /// Everything was written.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// A line that stays.
    pub(super) fn note(&self, text: &str) {
        let text = printable(text);
        match &self.bar {
            Some(bar) => bar.suspend(|| (self.print)(&text)),
            None => (self.print)(&text),
        }
    }
}
