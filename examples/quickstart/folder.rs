//! The working folder: what a person would have written, and how commands find it.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use certcentral_sim::Sim;

/// Files that are the same in every folder.
const FILES: &[(&str, &str)] =
    &[("main.tf", include_str!("main.tf")), ("README.md", include_str!("README.md"))];

/// Tells a folder that the quickstart made from any other.
const MARKER: &str = ".quickstart";

/// Where a rerun puts what it finds, a folder each time.
const EARLIER: &str = "earlier";

/// A folder to run the CLI in.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    /// What a shell there needs.
    pub(crate) environment: Vec<(&'static str, String)>,
}

impl Folder {
    /// Makes the folder, or makes it anew.
    pub(crate) fn make(
        path: &Path,
        binary_folder: &Path,
        sim: &Sim,
    ) -> Result<Self, Box<dyn Error>> {
        let path = std::path::absolute(path)?;
        clear(&path)?;
        for (name, text) in FILES {
            fs::write(path.join(name), text)?;
        }
        let configuration = path.join("terraform.rc");
        fs::write(&configuration, cli_configuration(binary_folder))?;
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

    /// Prints what takes a shell there.
    pub(crate) fn enter(&self) {
        println!("\n$ cd {}\n$ . ./environment.sh", quoted(&shown(&self.path)));
    }

    /// How a person would write the path of something in it.
    pub(crate) fn shown(&self, name: &str) -> String {
        shown(&self.path.join(name))
    }
}

/// Leaves a folder with the marker alone. What an earlier run left moves aside: a person may have
/// worked on it.
fn clear(folder: &Path) -> Result<(), Box<dyn Error>> {
    create(folder)?;
    let entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    if !entries.is_empty() && !folder.join(MARKER).exists() {
        let folder = shown(folder);
        return Err(format!("{folder} holds something else; name an empty or a new folder").into());
    }
    fs::write(folder.join(MARKER), "made by `cargo run --example quickstart`\n")?;
    let left = entries.iter().filter(|it| it.file_name() != MARKER && it.file_name() != EARLIER);
    let left: Vec<_> = left.collect();
    if !left.is_empty() {
        let aside = aside(&folder.join(EARLIER))?;
        for entry in left {
            fs::rename(entry.path(), aside.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// A new folder for its owner alone, as a state will hold a key.
fn create(folder: &Path) -> io::Result<()> {
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// The next of the numbered folders below this one.
fn aside(earlier: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(earlier)?;
    let next = earlier.join((fs::read_dir(earlier)?.count() + 1).to_string());
    fs::create_dir(&next)?;
    Ok(next)
}

/// Tells the CLI where the provider lies, so that there is nothing to download.
fn cli_configuration(binary_folder: &Path) -> String {
    format!(
        "provider_installation {{\n  dev_overrides {{\n    \"certcentral/digicert\" = {:?}\n  }}\n  direct {{}}\n}}\n",
        binary_folder.display().to_string()
    )
}

fn shell(environment: &[(&str, String)]) -> Result<String, std::fmt::Error> {
    let mut script =
        String::from("# For a shell in this folder. The key opens nothing but the simulator.\n");
    for (name, value) in environment {
        writeln!(script, "export {name}={}", quoted(value))?;
    }
    writeln!(script, "unset DIGICERT_ACCOUNT_ID")?;
    Ok(script)
}

/// Relative to where the person is, if it lies below.
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
