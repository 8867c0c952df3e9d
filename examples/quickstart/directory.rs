//! The working directory: the files a person would have written, and the environment for commands.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use certcentral_sim::Sim;

/// Files that are the same in every directory.
const FILES: &[(&str, &str)] =
    &[("main.tf", include_str!("main.tf")), ("README.md", include_str!("README.md"))];

/// A file that marks a directory the quickstart has created.
const MARKER: &str = ".quickstart";

/// Where a second run moves the files it finds, into a new directory each time.
const EARLIER: &str = "earlier";

/// A directory to run the CLI in.
pub(crate) struct Directory {
    pub(crate) path: PathBuf,
    /// Environment variables that commands there need.
    pub(crate) environment: Vec<(&'static str, String)>,
}

impl Directory {
    /// Creates the directory, or empties and fills one that an earlier run has created.
    pub(crate) fn create(
        path: &Path,
        binary_directory: &Path,
        sim: &Sim,
    ) -> Result<Self, Box<dyn Error>> {
        let path = std::path::absolute(path)?;
        clear(&path)?;
        for (name, text) in FILES {
            fs::write(path.join(name), text)?;
        }
        let configuration = path.join("terraform.rc");
        fs::write(&configuration, cli_configuration(binary_directory))?;
        let base_url = sim.base_url();
        let port = base_url.split([':', '/']).nth(4).unwrap_or_default().to_owned();
        let environment = vec![
            ("TF_CLI_CONFIG_FILE", configuration.display().to_string()),
            ("DIGICERT_BASE_URL", base_url),
            ("DIGICERT_API_KEY", sim.api_key().to_owned()),
            ("SIMULATOR_PORT", port),
        ];
        fs::write(path.join("environment.sh"), shell(&environment)?)?;
        Ok(Self { path, environment })
    }

    /// Prints the commands that enter the directory and set its environment.
    pub(crate) fn enter(&self) {
        println!("\n$ cd {}\n$ . ./environment.sh", quoted(&shown(&self.path)));
    }

    /// The path of a file in it, as a person would write it.
    pub(crate) fn shown(&self, name: &str) -> String {
        shown(&self.path.join(name))
    }
}

/// Leaves a directory with nothing but the marker. Files of an earlier run are moved, not deleted: a person
/// may have edited them.
fn clear(directory: &Path) -> Result<(), Box<dyn Error>> {
    create(directory)?;
    let entries: Vec<_> = fs::read_dir(directory)?.collect::<Result<_, _>>()?;
    if !entries.is_empty() && !directory.join(MARKER).exists() {
        let directory = shown(directory);
        return Err(format!(
            "{directory} contains files that the quickstart did not create; name an empty or a new directory"
        )
        .into());
    }
    fs::write(directory.join(MARKER), "created by `cargo run --example quickstart`\n")?;
    let left = entries.iter().filter(|it| it.file_name() != MARKER && it.file_name() != EARLIER);
    let left: Vec<_> = left.collect();
    if !left.is_empty() {
        let target = next_earlier(&directory.join(EARLIER))?;
        for entry in left {
            fs::rename(entry.path(), target.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// A new directory that only its owner can read, because the state contains a key.
fn create(directory: &Path) -> io::Result<()> {
    if let Some(parent) = directory.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(directory) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created,
    }
}

/// The next of the numbered directories in this one.
fn next_earlier(earlier: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(earlier)?;
    let next = earlier.join((fs::read_dir(earlier)?.count() + 1).to_string());
    fs::create_dir(&next)?;
    Ok(next)
}

/// A CLI configuration with the directory of the provider binary, so that nothing is downloaded.
fn cli_configuration(binary_directory: &Path) -> String {
    format!(
        "provider_installation {{\n  dev_overrides {{\n    \"certcentral/digicert\" = {:?}\n  }}\n  direct {{}}\n}}\n",
        binary_directory.display().to_string()
    )
}

fn shell(environment: &[(&str, String)]) -> Result<String, std::fmt::Error> {
    let mut script =
        String::from("# For a shell in this directory. The key works only with the simulator.\n");
    for (name, value) in environment {
        writeln!(script, "export {name}={}", quoted(value))?;
    }
    writeln!(script, "unset DIGICERT_ACCOUNT_ID")?;
    Ok(script)
}

/// The path relative to the current directory, if it is below it.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "/._-:+@,".contains(it);
    if word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
