//! The release as a user gets it: a zip in a folder the real CLI installs from, without `dev_overrides`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use certcentral_sim::Options;
use xtask::platform::Platform;
use xtask::release::Release;

use crate::cli::Workspace;
use crate::wire;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Packed beside the binary; and where nothing runs it, in the place of one.
const LICENSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE");

const CONFIGURATION: &str = r#"
resource "digicert_account_settings" "it" {
  approval_email_recipients = ["admin"]
}"#;

/// A release of one binary, put together by what `cargo xtask dist` calls.
fn release(folder: PathBuf, binary: &Path) -> (Release, PathBuf) {
    let release = Release::new(folder, VERSION).expect("the folder is ours");
    let platform = Platform::here().expect("releases are made for this platform");
    let zip = release.pack(platform, binary, Path::new(LICENSE)).expect("it can be packed");
    (release, zip)
}

#[test]
fn a_zip_installs_and_applies() {
    let workspace = Workspace::new(Options::default());
    let binary = Path::new(env!("CARGO_BIN_EXE_terraform-provider-digicert"));
    let (_, zip) = release(workspace.path("dist"), binary);
    // An address without a host is on the CLI's own registry.
    for host in ["registry.terraform.io", "registry.opentofu.org"] {
        let folder = workspace.path("mirror").join(host).join("certcentral/digicert");
        fs::create_dir_all(&folder).expect("the folder is ours");
        fs::copy(&zip, folder.join(zip.file_name().expect("a file"))).expect("it fits");
    }
    let mirror = workspace.path("mirror").display().to_string();
    workspace.install_by(&format!("filesystem_mirror {{\n path = \"{mirror}\"\n}}"));
    workspace.write(CONFIGURATION);

    let text = workspace.run(&["init", "-input=false", "-no-color"]).succeeded();
    assert!(text.contains(&format!("Installed certcentral/digicert v{VERSION} ")), "{text}");
    assert!(!workspace.assert_plan().contains("development overrides"));
    workspace.apply();
    workspace.assert_empty_plan();
    assert!(!workspace.state("digicert_account_settings.it").is_null());

    let lock = fs::read_to_string(workspace.path(".terraform.lock.hcl")).expect("init wrote it");
    assert!(lock.contains(&format!("version = \"{VERSION}\"")), "{lock}");
    // The other kind, zh, comes from the sums of a registry; a mirror of files has none to show.
    assert!(lock.contains("\"h1:"), "{lock}");
    // What the file locks is installed again, elsewhere, and nothing else is.
    fs::remove_dir_all(workspace.path(".terraform")).expect("init made it");
    workspace.run(&["init", "-input=false", "-lockfile=readonly"]).succeeded();
}

#[test]
fn sums_are_of_zips_and_manifest() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (release, zip) = release(folder.path().to_owned(), Path::new(LICENSE));
    fs::write(folder.path().join("notes.txt"), "no part of it").expect("the folder is ours");
    let sums = release.seal().expect("there is a zip");
    let prefix = format!("terraform-provider-digicert_{VERSION}");
    let text = fs::read_to_string(&sums).expect("it was written");
    let names: Vec<_> = text.lines().filter_map(|line| line.split("  ").nth(1)).collect();
    let zip = zip.file_name().expect("a file").display().to_string();
    assert_eq!(names, [zip, format!("{prefix}_manifest.json")]);
    let checked =
        wire::command("sha256sum").current_dir(folder.path()).arg("-c").arg(&sums).output();
    assert!(checked.expect("sha256sum is there").status.success(), "{text}");

    let manifest = fs::read(folder.path().join(names[1])).expect("it was written");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
    let expected =
        serde_json::json!({ "version": 1, "metadata": { "protocol_versions": ["5.0"] } });
    assert_eq!(manifest, expected);
}

#[test]
fn packing_twice_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let zips = ["one", "two"].map(|name| release(folder.path().join(name), Path::new(LICENSE)).1);
    let [one, two] = zips.map(|zip| fs::read(zip).expect("it was written"));
    assert!(one == two, "the zips differ");
}

/// Signs as a release is signed, with a key that is made for this and lies in a folder of its own.
#[test]
fn a_signature_is_good() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let gpg = || {
        let mut gpg = Command::new("gpg");
        gpg.env("GNUPGHOME", folder.path()).args(["--batch", "--no-permission-warning"]);
        gpg
    };
    let run = |arguments: &[&str]| {
        let output = gpg().args(arguments).output().expect("gpg must be on the PATH for this test");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["--passphrase", "", "--quick-generate-key", "release@example.com", "rsa2048"]);
    let (release, _) = release(folder.path().join("dist"), Path::new(LICENSE));
    let sums = release.seal().expect("there is a zip");
    let signature = release.sign(gpg(), "release@example.com").expect("the key is there");
    assert_eq!(signature.display().to_string(), format!("{}.sig", sums.display()));
    run(&["--verify", &signature.display().to_string(), &sums.display().to_string()]);
    assert!(release.sign(gpg(), "nobody@example.com").is_err());
}
