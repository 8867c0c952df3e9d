//! The programs of a release.

/// A program that a release contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// The provider, with the files that a registry requires.
    Provider,
    /// The simulator of CertCentral, for tests of modules. A registry ignores it: its checksums are in a file of
    /// their own, because the registry reads those of the provider.
    Simulator,
}

impl Product {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Provider, Self::Simulator];

    /// The name of the package and of its binary, with which the names of its files begin.
    pub fn name(self) -> &'static str {
        match self {
            Self::Provider => "terraform-provider-digicert",
            Self::Simulator => "certcentral-sim",
        }
    }

    /// The name of the binary in an archive, without the suffix of the platform. Terraform requires the version in
    /// that of a provider; people type that of the simulator.
    pub(crate) fn binary(self, version: &str) -> String {
        match self {
            Self::Provider => format!("{}_v{version}", self.name()),
            Self::Simulator => self.name().to_owned(),
        }
    }
}
