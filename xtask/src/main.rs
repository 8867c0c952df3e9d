//! `cargo xtask`: tasks of this repository that need more than a cargo command.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use cargo_metadata::{Metadata, MetadataCommand};
use lexopt::prelude::{Long, Short, Value, ValueExt};
use xtask::compile::{Rustc, compile};
use xtask::platform::Platform;
use xtask::product::Product;
use xtask::release::Release;
use xtask::{Result, components};

const USAGE: &str = "\
cargo xtask dist [--target TARGET]... [--sign KEY]
    Builds a release in target/dist: archives of the provider and of the simulator, SBOMs, manifest, checksums, and
    signatures if a gpg key is given.
    The default target is this machine's: static if the musl target is installed.
cargo xtask sums [--sign KEY]
    Creates manifest, checksums and signatures for the archives in target/dist, which come from several machines.
";

fn main() -> ExitCode {
    let result =
        Arguments::parse(std::env::args_os().skip(1)).and_then(|arguments| arguments.run());
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Default)]
struct Arguments {
    command: String,
    targets: Vec<String>,
    key: Option<String>,
}

impl Arguments {
    fn parse(arguments: impl Iterator<Item = OsString> + 'static) -> Result<Self> {
        let mut parser = lexopt::Parser::from_args(arguments);
        let mut parsed = Self::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Value(command) if parsed.command.is_empty() => parsed.command = command.string()?,
                Long("target") => parsed.targets.push(parser.value()?.string()?),
                Long("sign") => parsed.key = Some(parser.value()?.string()?),
                Long("help") | Short('h') => parsed.command = "help".to_owned(),
                other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
            }
        }
        Ok(parsed)
    }

    fn run(&self) -> Result<()> {
        match self.command.as_str() {
            "dist" => self.dist(),
            "sums" => self.seal(),
            "help" => print(USAGE.trim_end()),
            other => Err(format!("unknown command {other:?}\n{USAGE}").into()),
        }
    }

    fn dist(&self) -> Result<()> {
        let rustc = Rustc::new()?;
        let targets = if self.targets.is_empty() {
            vec![rustc.default_target()]
        } else {
            self.targets.clone()
        };
        let directory = directory(&metadata(&[])?);
        if directory.exists() {
            std::fs::remove_dir_all(&directory)?;
        }
        for target in &targets {
            let platform = Platform::of_target(target)?;
            let metadata = metadata(&["--filter-platform", target])?;
            for product in Product::ALL {
                build(&metadata, product, target, platform, &rustc)?;
            }
        }
        self.seal()
    }

    fn seal(&self) -> Result<()> {
        let metadata = metadata(&[])?;
        for product in Product::ALL {
            let release = release(&metadata, product)?;
            report(&release.seal()?, &format!("checksums of {}", product.name()))?;
            if let Some(key) = &self.key {
                let signature = release.sign(Command::new("gpg"), key)?;
                report(&signature, &format!("signed with {key}"))?;
            }
        }
        if self.key.is_none() { print("not signed: no key was given") } else { Ok(()) }
    }
}

/// The archive and the SBOM of a program for one platform.
fn build(
    metadata: &Metadata,
    product: Product,
    target: &str,
    platform: Platform,
    rustc: &Rustc,
) -> Result<()> {
    let release = release(metadata, product)?;
    let root = metadata.workspace_root.as_std_path();
    let compiled = compile(metadata, product, target, &root.join("target/zigbuild"))?;
    let zip = release.pack(platform, &compiled.binary, &root.join("LICENSE"))?;
    report(&zip, &format!("{target}: {}", compiled.needs))?;
    let list = components::list(metadata, product, &compiled.built, &rustc.release);
    let components = release.components(platform);
    std::fs::write(&components, format!("{list:#}\n"))?;
    report(&components, &format!("{} packages", compiled.built.linked.len()))
}

fn metadata(options: &[&str]) -> Result<Metadata> {
    let options =
        options.iter().copied().chain(["--locked"]).map(str::to_owned).collect::<Vec<_>>();
    Ok(MetadataCommand::new().other_options(options).exec()?)
}

fn directory(metadata: &Metadata) -> PathBuf {
    metadata.target_directory.join("dist").into()
}

fn release(metadata: &Metadata, product: Product) -> Result<Release> {
    // The simulator has the version of the provider that it is released with.
    let provider = metadata.packages.iter().find(|it| it.name.as_str() == Product::Provider.name());
    let version = provider.ok_or("run this in the provider's repository")?.version.to_string();
    Release::new(product, directory(metadata), &version)
}

fn report(file: &Path, what: &str) -> Result<()> {
    print(&format!("{} ({} bytes): {what}", file.display(), file.metadata()?.len()))
}

fn print(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
