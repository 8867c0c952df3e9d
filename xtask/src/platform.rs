//! Operating systems and processors, by the names that Go and Terraform use.

use std::fmt;

use crate::Result;

/// The platform of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform {
    os: &'static str,
    arch: &'static str,
}

impl Platform {
    /// The platform of this program, and of everything that the same cargo built.
    pub fn here() -> Result<Self> {
        Self::of(std::env::consts::ARCH, std::env::consts::OS)
    }

    /// The platform of a target of rustc, such as `x86_64-unknown-linux-musl`.
    pub fn of_target(target: &str) -> Result<Self> {
        let mut parts = target.split('-');
        let arch = parts.next().unwrap_or_default();
        Self::of(arch, parts.nth(1).unwrap_or_default())
    }

    fn of(arch: &str, os: &str) -> Result<Self> {
        let arch = match arch {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            _ => return Err(format!("releases do not support the processor {arch:?}").into()),
        };
        let os = match os {
            "linux" => "linux",
            "darwin" | "macos" => "darwin",
            "windows" => "windows",
            _ => return Err(format!("releases do not support the operating system {os:?}").into()),
        };
        Ok(Self { os, arch })
    }

    /// The suffix of an executable file.
    pub fn suffix(self) -> &'static str {
        if self.os == "windows" { ".exe" } else { "" }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.os, self.arch)
    }
}

#[cfg(test)]
mod tests {
    use super::Platform;

    #[test]
    fn targets_of_a_release_have_a_platform() {
        for (target, expected) in [
            ("x86_64-unknown-linux-musl", "linux_amd64"),
            ("aarch64-unknown-linux-gnu", "linux_arm64"),
            ("x86_64-apple-darwin", "darwin_amd64"),
            ("aarch64-apple-darwin", "darwin_arm64"),
            ("x86_64-pc-windows-msvc", "windows_amd64"),
            ("aarch64-pc-windows-msvc", "windows_arm64"),
        ] {
            assert_eq!(
                Platform::of_target(target).map(|it| it.to_string()).ok().as_deref(),
                Some(expected)
            );
        }
        for target in ["", "linux", "riscv64gc-unknown-linux-gnu", "x86_64-unknown-freebsd"] {
            assert!(Platform::of_target(target).is_err(), "{target}");
        }
    }
}
