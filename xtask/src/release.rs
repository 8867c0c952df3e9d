//! The files of a release. Those of the provider are as specified at
//! <https://developer.hashicorp.com/terraform/registry/providers/publishing>.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use crate::platform::Platform;
use crate::product::Product;
use crate::{Result, quietly};

/// The files of one program in the directory of a release.
pub struct Release {
    product: Product,
    directory: PathBuf,
    version: String,
}

impl Release {
    /// Creates the directory if it does not exist.
    pub fn new(product: Product, directory: PathBuf, version: &str) -> Result<Self> {
        fs::create_dir_all(&directory)?;
        Ok(Self { product, directory, version: version.to_owned() })
    }

    /// Packs a binary and its license. The same binary always results in the same bytes.
    pub fn pack(&self, platform: Platform, binary: &Path, license: &Path) -> Result<PathBuf> {
        let path = self.zip(platform);
        let mut zip = ZipWriter::new(File::create(&path)?);
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
        zip.start_file("LICENSE", options.unix_permissions(0o644))?;
        io::copy(&mut File::open(license)?, &mut zip)?;
        let name = self.product.binary(&self.version) + platform.suffix();
        zip.start_file(name, options.unix_permissions(0o755))?;
        io::copy(&mut File::open(binary)?, &mut zip)?;
        zip.finish()?;
        Ok(path)
    }

    /// The path of the archive for a platform.
    pub fn zip(&self, platform: Platform) -> PathBuf {
        self.file(&format!("{platform}.zip"))
    }

    /// The path of the SBOM for a platform.
    pub fn components(&self, platform: Platform) -> PathBuf {
        self.file(&format!("{platform}.cdx.json"))
    }

    /// Writes the checksums of all archives, and of the manifest, which only a provider has.
    pub fn seal(&self) -> Result<PathBuf> {
        let mut files = self.zips()?;
        if files.is_empty() {
            return Err(format!(
                "there is no archive of {} {} in {}",
                self.product.name(),
                self.version,
                self.directory.display()
            )
            .into());
        }
        if self.product == Product::Provider {
            files.push(self.write_manifest()?);
        }
        files.sort();
        let mut text = String::new();
        for file in files {
            let name = file.file_name().unwrap_or_default().display();
            writeln!(text, "{}  {name}", sum(&file)?)?;
        }
        let sums = self.file("SHA256SUMS");
        fs::write(&sums, text)?;
        Ok(sums)
    }

    /// Signs the checksums with a key of `gpg`, in a separate file.
    pub fn sign(&self, mut gpg: Command, key: &str) -> Result<PathBuf> {
        let (sums, signature) = (self.file("SHA256SUMS"), self.file("SHA256SUMS.sig"));
        gpg.args(["--batch", "--yes", "--local-user", key, "--output"]).arg(&signature);
        quietly(gpg.arg("--detach-sign").arg(&sums))?;
        Ok(signature)
    }

    fn write_manifest(&self) -> Result<PathBuf> {
        let manifest = self.file("manifest.json");
        let content = json!({ "version": 1, "metadata": { "protocol_versions": ["5.0"] } });
        fs::write(&manifest, format!("{content:#}\n"))?;
        Ok(manifest)
    }

    fn zips(&self) -> Result<Vec<PathBuf>> {
        let prefix = format!("{}_{}_", self.product.name(), self.version);
        let mut zips = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            let name = entry.file_name().display().to_string();
            if name.starts_with(&prefix) && name.ends_with(".zip") {
                zips.push(entry.path());
            }
        }
        Ok(zips)
    }

    fn file(&self, rest: &str) -> PathBuf {
        self.directory.join(format!("{}_{}_{rest}", self.product.name(), self.version))
    }
}

/// The checksum of a file, as `sha256sum` prints it.
fn sum(file: &Path) -> Result<String> {
    let digest = Sha256::digest(fs::read(file)?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
