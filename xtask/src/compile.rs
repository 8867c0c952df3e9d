//! Builds the binary of a release: the most portable one that this machine can build.

use std::fmt;
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::{Artifact, Message, Metadata, TargetKind};

use crate::components::Built;
use crate::product::Product;
use crate::{Result, quietly};

/// The oldest C library that the standard library supports. Distributions of the last ten years have a later one.
const OLDEST_GLIBC: &str = "2.17";

/// A compiled binary.
#[derive(Debug)]
pub struct Compiled {
    /// The file.
    pub binary: PathBuf,
    /// Its packages.
    pub built: Built,
    /// What it requires.
    pub needs: Needs,
}

/// What a binary requires of the system.
#[derive(Debug, PartialEq, Eq)]
pub enum Needs {
    /// The kernel and the libraries of every system.
    Nothing,
    /// The GNU C library of at least this version.
    Glibc(u32, u32),
}

/// The compiler that cargo uses.
#[derive(Debug)]
pub struct Rustc {
    /// The version.
    pub release: String,
    host: String,
    targets: PathBuf,
}

impl Rustc {
    /// Runs rustc to find out.
    pub fn new() -> Result<Self> {
        let program = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
        let ask = |arguments: &[&str]| -> Result<String> {
            let output = Command::new(&program).args(arguments).output()?;
            Ok(String::from_utf8(output.stdout)?)
        };
        let version = ask(&["-vV"])?;
        let field = |name: &str| {
            let value = version.lines().find_map(|line| line.strip_prefix(name));
            value.map(str::to_owned).ok_or_else(|| format!("the output of rustc -vV has no {name}"))
        };
        let sysroot = ask(&["--print", "sysroot"])?;
        Ok(Self {
            release: field("release: ")?,
            host: field("host: ")?,
            targets: Path::new(sysroot.trim()).join("lib/rustlib"),
        })
    }

    /// The target of this machine. On Linux this is the static one, if it is installed.
    pub fn default_target(&self) -> String {
        let portable = self.host.replace("-linux-gnu", "-linux-musl");
        let installed = self.targets.join(&portable).join("lib").exists();
        if installed { portable } else { self.host.clone() }
    }
}

/// Builds a program for a target. Missing tools are installed in the directory `tools`.
pub fn compile(
    metadata: &Metadata,
    product: Product,
    target: &str,
    tools: &Path,
) -> Result<Compiled> {
    let mut command = if target.ends_with("-linux-gnu") {
        match zigbuild(tools) {
            Ok(command) => command,
            Err(error) => {
                eprintln!(
                    "cargo-zigbuild is missing ({error}): the binary requires the glibc of this machine"
                );
                cargo(&["build"])
            }
        }
    } else {
        cargo(&["build"])
    };
    let old_glibc = command.get_args().any(|it| it == "zigbuild");
    let suffix = if old_glibc { format!(".{OLDEST_GLIBC}") } else { String::new() };
    command
        .args(["--release", "--locked", "--package", product.name(), "--bin", product.name()])
        .args([
            "--message-format",
            "json-render-diagnostics",
            "--target",
            &format!("{target}{suffix}"),
        ])
        .env("CARGO_ENCODED_RUSTFLAGS", flags(metadata, target)?)
        .current_dir(&metadata.workspace_root);
    let (binary, built) = run(&mut command, target)?;
    let needs = Needs::of(&fs::read(&binary)?);
    Ok(Compiled { binary, built, needs })
}

/// The compiler flags of a release: no paths of this machine in the binary, and no runtime to install on Windows.
fn flags(metadata: &Metadata, target: &str) -> Result<String> {
    let registry = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => std::env::home_dir().ok_or("there is no home directory")?.join(".cargo"),
    };
    let mut flags = vec![
        format!("--remap-path-prefix={}=/cargo", registry.display()),
        format!("--remap-path-prefix={}=/{}", metadata.workspace_root, Product::Provider.name()),
    ];
    if target.ends_with("-windows-msvc") {
        flags.push("-Ctarget-feature=+crt-static".to_owned());
    }
    Ok(flags.join("\u{1f}"))
}

/// Runs a build. Returns the binary and the packages that cargo reports.
fn run(command: &mut Command, target: &str) -> Result<(PathBuf, Built)> {
    let arguments: Vec<_> = command.get_args().map(|it| it.to_string_lossy()).collect();
    eprintln!("+ cargo {}", arguments.join(" "));
    let mut running = command.stdout(Stdio::piped()).spawn()?;
    let stdout = running.stdout.take().ok_or("stdout is piped")?;
    let mut built = Built::default();
    let mut binary = None;
    for message in Message::parse_stream(BufReader::new(stdout)) {
        if let Message::CompilerArtifact(artifact) = message? {
            binary = artifact.executable.clone().filter(|_| artifact.target.is_bin()).or(binary);
            if is_linked(&artifact, target) {
                built.linked.insert(artifact.package_id);
            } else {
                built.tools.insert(artifact.package_id);
            }
        }
    }
    let status = running.wait()?;
    if !status.success() {
        return Err(format!("the build failed: {status}").into());
    }
    Ok((binary.ok_or("cargo reported no binary")?.into(), built))
}

/// Whether an artifact is for the target. Macros and build scripts are in a directory of the host.
fn is_linked(artifact: &Artifact, target: &str) -> bool {
    let runs_here = [TargetKind::CustomBuild, TargetKind::ProcMacro];
    let in_directory =
        artifact.filenames.iter().any(|it| it.components().any(|part| part.as_str() == target));
    in_directory && !runs_here.iter().any(|kind| artifact.target.kind.contains(kind))
}

/// The cargo that runs this program.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// cargo-zigbuild, which links with a chosen version of glibc. If it is not installed, it is installed from `PyPI`,
/// together with zig.
fn zigbuild(tools: &Path) -> Result<Command> {
    if quietly(Command::new("cargo-zigbuild").arg("--version")).is_ok() {
        let mut command = Command::new("cargo-zigbuild");
        command.arg("zigbuild");
        return Ok(command);
    }
    let directory = tools.join("bin");
    let program = directory.join("cargo-zigbuild");
    if !program.exists() {
        quietly(Command::new("python3").args(["-m", "venv"]).arg(tools))?;
        quietly(Command::new(directory.join("pip")).args(["install", "--quiet"]).args(ZIGBUILD))?;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([directory].into_iter().chain(std::env::split_paths(&path)))?;
    let mut command = Command::new(program);
    command.arg("zigbuild").env("PATH", path);
    Ok(command)
}

/// Packages on `PyPI`.
const ZIGBUILD: [&str; 2] = ["cargo-zigbuild==0.24.0", "ziglang==0.17.1"];

impl Needs {
    /// Finds the versions of symbols, which are texts such as `GLIBC_2.17` in an ELF file.
    fn of(binary: &[u8]) -> Self {
        const PREFIX: &[u8] = b"\0GLIBC_";
        let names =
            binary.windows(PREFIX.len()).enumerate().filter(|(_, window)| *window == PREFIX);
        let versions = names.filter_map(|(at, _)| {
            let name = &binary[at + PREFIX.len()..];
            let name =
                std::str::from_utf8(&name[..name.iter().position(|byte| *byte == 0)?]).ok()?;
            // A third number, as in 2.2.5, is ignored.
            let mut numbers = name.split('.').map_while(|number| number.parse().ok());
            Some((numbers.next()?, numbers.next()?))
        });
        versions.max().map_or(Self::Nothing, |(major, minor)| Self::Glibc(major, minor))
    }
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => {
                f.write_str("requires no libraries; on Linux it runs in an empty container")
            }
            Self::Glibc(major, minor) => write!(
                f,
                "requires glibc {major}.{minor} or later. For empty containers and Alpine, install the musl target and \
                 build again"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Needs;

    #[test]
    fn the_newest_glibc_counts() {
        let needs = Needs::of(b"x\0GLIBC_2.2.5\0GLIBC_2.17\0GLIBC_2.4\0GLIBC_PRIVATE\0");
        assert_eq!(needs, Needs::Glibc(2, 17));
        assert_eq!(Needs::of(b"static"), Needs::Nothing);
    }
}
