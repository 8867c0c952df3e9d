//! Markdown tables, and the format of numbers.

use std::fmt;
use std::time::Duration;

/// A table under a heading.
pub(crate) struct Table {
    title: String,
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    pub(crate) fn new(title: impl Into<String>, columns: &'static [&'static str]) -> Self {
        Self { title: title.into(), columns, rows: Vec::new(), notes: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// A line under the table.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n### {}\n", self.title)?;
        if !self.rows.is_empty() {
            writeln!(f, "| {} |", self.columns.join(" | "))?;
            writeln!(f, "|---{}|", "|---:".repeat(self.columns.len() - 1))?;
            self.rows.iter().try_for_each(|row| writeln!(f, "| {} |", row.join(" | ")))?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "\n{note}"))
    }
}

/// Repeated measurements of one quantity.
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) fn take(count: usize, mut one: impl FnMut() -> f64) -> Self {
        Self::from((0..count).map(|_| one()).collect::<Vec<_>>())
    }

    pub(crate) fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    /// Minimum and maximum.
    pub(crate) fn range(&self) -> String {
        format!("{:.1} to {:.1}", self.0[0], self.0[self.0.len() - 1])
    }
}

impl From<Vec<f64>> for Samples {
    fn from(mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        Self(samples)
    }
}

/// A limit, and whether the measurement is within it.
pub(crate) fn budget(measured: f64, at_most: f64, unit: &str) -> String {
    let verdict = if measured <= at_most { "PASS" } else { "FAIL" };
    format!("at most {at_most} {unit}: {verdict}")
}

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

pub(crate) fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// From KiB.
pub(crate) fn mebibytes(kibibytes: u64) -> f64 {
    f64::from(u32::try_from(kibibytes).unwrap_or(u32::MAX)) / 1024.0
}
