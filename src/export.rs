//! The command `export`: configurations and `import` blocks for the objects of an account.
//!
//! An export has two passes. The first one reads the objects of each type and writes their arguments to a
//! temporary file, with open references in place of IDs. Then all objects have names, and the second one writes the
//! configuration with these references. Only names, IDs and positions are kept in memory.
//!
//! The modules, in the order in which they are used:
//!
//! 1. `arguments` reads the command line.
//! 2. `directory` checks the directory, and keeps all files next to it until everything was read.
//! 3. `reader` reads the objects of a type into a `spool`. `progress` shows how far it is.
//! 4. `names` names the objects, and `files` writes the configuration.

mod arguments;
mod directory;
mod files;
mod names;
mod progress;
mod reader;
mod spool;

use std::collections::BTreeMap;
use std::fmt;
use std::io;

use crate::kind::AnyResource;
use crate::provider::Provider;
use crate::schema::{Diagnostic, Diagnostics, Severity};

pub use arguments::{HELP, Options};
use directory::{Staging, Target};
use names::Names;
use progress::Progress;
use reader::Reader;
use spool::Spool;

/// Exports what the options select. `print` writes a line to stderr. Returns a summary.
///
/// # Errors
///
/// If anything could not be read or written. The directory is unchanged then.
pub fn run(options: &Options, print: fn(&str)) -> Result<String, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        tokio::select! {
            result = export(options, print) => result,
            interrupted = interrupted() => Err(interrupted.err().map_or(Error::Interrupted, Error::from)),
        }
    });
    // The process does not wait for blocking threads, such as one that resolves a host name.
    runtime.shutdown_background();
    result
}

async fn export(options: &Options, print: fn(&str)) -> Result<String, Error> {
    let types = options.types();
    let target = Target::check(options, &types)?;
    let provider = Provider::new();
    let diagnostics = provider.configure(&options.provider, "export").await;
    Error::of(diagnostics)?;

    let staging = target.stage()?;
    let progress = Progress::new(types.len(), print);
    let read = read(&types, options, &provider, &staging, &progress).await?;
    let names = Names::of(&read);
    let mut objects = 0;
    for (resource, spool) in &read {
        files::write_objects(*resource, spool, &names, &staging)?;
        objects += spool.len();
    }
    files::write_provider(provider.block(), &options.provider, &staging)?;
    target.publish(staging)?;
    progress.finish();
    Ok(format!("Exported {objects} objects to:\n{}\n", target.directory().display()))
}

type Types = BTreeMap<&'static str, &'static dyn AnyResource>;

/// Reads the objects of all types, so that all problems are reported at once.
async fn read(
    types: &Types,
    options: &Options,
    provider: &Provider,
    staging: &Staging,
    progress: &Progress,
) -> Result<Vec<(&'static dyn AnyResource, Spool)>, Error> {
    let (mut read, mut errors) = (Vec::new(), Diagnostics::default());
    for resource in types.values() {
        progress.begin(resource.type_name());
        let spool = Spool::new(staging.scratch(resource.type_name()))?;
        let mut reader =
            Reader::new(*resource, options.search.as_deref(), provider, progress, spool);
        match provider.list(resource.type_name()) {
            Ok(list) => reader.read_list(list).await?,
            Err(_) => reader.read_existing().await?,
        }
        let (spool, failed) = reader.finish()?;
        errors.extend(failed);
        progress.end(spool.len());
        read.push((*resource, spool));
    }
    Error::of(errors)?;
    Ok(read)
}

/// Waits for a signal to exit.
async fn interrupted() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The provider could not be configured, or objects could not be read.
    #[error("{0}")]
    Failed(Problems),
    /// The directory cannot be used.
    #[error(transparent)]
    Directory(#[from] directory::Error),
    /// The process received a signal.
    #[error("interrupted; nothing was written")]
    Interrupted,
    /// A temporary file, or the runtime, could not be used.
    #[error("nothing was written: {0}")]
    Io(#[from] io::Error),
}

impl Error {
    /// The errors among these diagnostics, if there are any.
    fn of(diagnostics: Diagnostics) -> Result<(), Self> {
        let is_error = |it: &Diagnostic| it.severity == Severity::Error;
        let errors: Vec<_> = diagnostics.into_iter().filter(is_error).collect();
        if errors.is_empty() { Ok(()) } else { Err(Self::Failed(Problems(errors))) }
    }
}

/// Errors, as a person reads them on a terminal.
#[derive(Debug)]
pub struct Problems(Vec<Diagnostic>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing was written")?;
        for error in &self.0 {
            write!(f, "\n\nError: {}\n\n{}", error.summary, error.detail)?;
        }
        if self.0.iter().any(|error| error.path.is_none()) {
            f.write_str("\n\nTo export the other objects, use --exclude with the types that cannot be read.")?;
        }
        Ok(())
    }
}
