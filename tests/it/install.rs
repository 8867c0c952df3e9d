//! The release as a user gets it: a zip in the folder the real CLI installs from, without `dev_overrides`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use certcentral_sim::Options;
use xtask::platform::Platform;
use xtask::product::Product;
use xtask::release::Release;

use crate::cli::{Workspace, program};
use crate::process;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Packed beside the binary; and where nothing runs it, in the place of one.
const LICENSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE");

const CONFIGURATION: &str = r#"
resource "digicert_account_settings" "it" {
  approval_email_recipients = ["admin"]
}"#;

/// A release of one binary, put together by what `cargo xtask dist` calls.
fn release(folder: PathBuf, binary: &Path) -> (Release, PathBuf) {
    let release =
        Release::new(Product::Provider, folder, VERSION).expect("the directory is writable");
    let platform = Platform::here().expect("releases are made for this platform");
    let zip = release.pack(platform, binary, Path::new(LICENSE)).expect("it can be packed");
    (release, zip)
}

/// The README's block of code that begins so.
fn printed(language: &str, begin: &str) -> String {
    let readme = include_str!("../../README.md");
    let begin = format!("```{language}\n{begin}");
    let (_, block) = readme.split_once(&begin).expect("the README has it");
    let (rest, _) = block.split_once("```").expect("it ends");
    format!("{}{rest}", begin.split_once('\n').expect("a line").1)
}

#[test]
fn a_zip_installs_and_applies_by_the_commands_of_the_readme() {
    let mut workspace = Workspace::new(Options::default());
    let binary = Path::new(env!("CARGO_BIN_EXE_terraform-provider-digicert"));
    let (release, zip) = release(workspace.path("target/dist"), binary);
    // Of the other platforms of the README, which nothing runs here.
    for target in ["x86_64-unknown-linux-musl", "aarch64-apple-darwin"] {
        let platform = Platform::of_target(target).expect("releases are made for it");
        if release.zip(platform) != zip {
            release
                .pack(platform, Path::new(LICENSE), Path::new(LICENSE))
                .expect("it can be packed");
        }
    }
    release.seal().expect("there is a zip");
    let home = workspace.path("home");
    let commands = printed("sh", "cd target/dist\nsha256sum");
    // Each CLI looks under the name of its own registry.
    for host in ["registry.terraform.io", "registry.opentofu.org"] {
        run_in(&workspace, &home, &commands.replace("registry.terraform.io", host));
    }
    // As for a user without a CLI configuration.
    workspace.set("HOME", &home.display().to_string());
    workspace.set("TF_CLI_CONFIG_FILE", "");
    workspace.write(CONFIGURATION);

    let text = workspace.run(&["init", "-input=false", "-no-color"]).succeeded();
    assert!(text.contains(&format!("Installed certcentral/digicert v{VERSION} ")), "{text}");
    assert!(!workspace.assert_plan().contains("development overrides"));
    workspace.apply();
    workspace.assert_empty_plan();
    assert!(!workspace.state("digicert_account_settings.it").is_null());

    let lock = fs::read_to_string(workspace.path(".terraform.lock.hcl")).expect("init wrote it");
    assert!(lock.contains(&format!("\"{VERSION}\"")), "{lock}");
    // The other kind, zh, comes from the sums of a registry; a folder has none to show.
    assert_eq!(lock.matches("\"h1:").count(), 1, "{lock}");
    for message in printed("text", "- Installed certcentral/digicert").lines() {
        assert!(text.contains(message), "the README tells of {message:?}: {text}");
    }
    locks_for_the_platforms_of_the_readme(&workspace, &home);
    installs_what_is_locked_from_a_mirror_elsewhere(&mut workspace, &home);
}

/// Runs commands of the README, which must succeed.
fn run_in(workspace: &Workspace, home: &Path, commands: &str) {
    let output = shell_in(workspace, home, commands);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Runs commands of the README in a shell that ends at the first error.
fn shell_in(workspace: &Workspace, home: &Path, commands: &str) -> Output {
    let mut shell = process::command("sh");
    let shell = shell.args(["-ec", commands]).current_dir(workspace.path("")).env("HOME", home);
    shell.output().expect("sh is there")
}

/// The three blocks differ in the tools of their system only.
#[test]
fn commands_of_the_other_systems_install_the_same_files() {
    let workspace = Workspace::new(Options::default());
    let (release, zip) = release(workspace.path("target/dist"), Path::new(LICENSE));
    release.seal().expect("there is a zip");
    let commands = printed("sh", "cd target/dist\nshasum -a 256");
    let home = workspace.path("home");
    // Linux may lack the tool of macOS.
    run_in(&workspace, &home, &format!("shasum() {{ shift 2; sha256sum \"$@\"; }}\n{commands}"));
    let mirror = "terraform.d/plugins/registry.terraform.io/certcentral/digicert";
    let name = zip.file_name().expect("a file");
    assert!(home.join(format!(".{mirror}")).join(name).exists());

    let linux = printed("sh", "cd target/dist\nsha256sum");
    assert_eq!(commands, linux.replacen("sha256sum", "shasum -a 256", 1));
    let windows = printed("powershell", "Set-Location target");
    assert!(windows.contains(&format!("$env:APPDATA\\{}\"", mirror.replace('/', "\\"))));
    for files in ["terraform-provider-digicert_*_SHA256SUMS", "terraform-provider-digicert_*.zip"] {
        assert!(linux.contains(files) && windows.contains(files), "{files}");
    }
}

/// What a tampered zip does to the commands.
#[test]
fn a_zip_with_another_checksum_is_not_installed() {
    let workspace = Workspace::new(Options::default());
    let (release, zip) = release(workspace.path("target/dist"), Path::new(LICENSE));
    release.seal().expect("there is a zip");
    fs::write(zip, "another").expect("the directory is writable");
    let commands = printed("sh", "cd target/dist\nsha256sum");
    let home = workspace.path("home");
    assert!(!shell_in(&workspace, &home, &commands).status.success());
    assert!(!home.exists());
}

/// The README's command, with the CLI of these tests.
fn locks_for_the_platforms_of_the_readme(workspace: &Workspace, home: &Path) {
    let command = printed("sh", "terraform providers lock ").replacen("terraform", &program(), 1);
    let mut shell = process::command("sh");
    let shell = shell.args(["-ec", &command]).current_dir(workspace.path("")).env("HOME", home);
    let output = shell.env("TF_CLI_CONFIG_FILE", "").output().expect("sh is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lock = fs::read_to_string(workspace.path(".terraform.lock.hcl")).expect("init wrote it");
    assert!(lock.matches("\"h1:").count() > 1, "{lock}");
}

/// The other way of the README: a CLI configuration that names the mirror.
fn installs_what_is_locked_from_a_mirror_elsewhere(workspace: &mut Workspace, home: &Path) {
    let mirror = workspace.path("mirror");
    fs::rename(home.join(".terraform.d/plugins"), &mirror).expect("both are ours");
    let settings = printed("hcl", "provider_installation {\n");
    let settings = settings.replace("/srv/terraform", &mirror.display().to_string());
    fs::write(workspace.path("terraform.rc"), settings).expect("the directory is writable");
    workspace.set("TF_CLI_CONFIG_FILE", &workspace.path("terraform.rc").display().to_string());
    fs::remove_dir_all(workspace.path(".terraform")).expect("init made it");
    workspace.run(&["init", "-input=false", "-lockfile=readonly"]).succeeded();
    workspace.assert_empty_plan();
}

#[test]
fn sums_are_of_zips_and_manifest() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let (release, zip) = release(folder.path().to_owned(), Path::new(LICENSE));
    fs::write(folder.path().join("notes.txt"), "no part of it").expect("the directory is writable");
    let sums = release.seal().expect("there is a zip");
    let prefix = format!("terraform-provider-digicert_{VERSION}");
    let text = fs::read_to_string(&sums).expect("it was written");
    let names: Vec<_> = text.lines().filter_map(|line| line.split("  ").nth(1)).collect();
    let zip = zip.file_name().expect("a file").display().to_string();
    assert_eq!(names, [zip, format!("{prefix}_manifest.json")]);
    let checked =
        process::command("sha256sum").current_dir(folder.path()).arg("-c").arg(&sums).output();
    assert!(checked.expect("sha256sum is there").status.success(), "{text}");

    let manifest = fs::read(folder.path().join(names[1])).expect("it was written");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
    let expected =
        serde_json::json!({ "version": 1, "metadata": { "protocol_versions": ["5.0"] } });
    assert_eq!(manifest, expected);
}

#[test]
fn the_simulator_is_packed_with_sums_of_its_own() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let (provider, _) = release(folder.path().to_owned(), Path::new(LICENSE));
    let simulator = Release::new(Product::Simulator, folder.path().to_owned(), VERSION);
    let simulator = simulator.expect("the directory is writable");
    assert!(simulator.seal().is_err(), "the zip of the provider is not one of the simulator");
    let mut names = Vec::new();
    for target in ["x86_64-unknown-linux-musl", "x86_64-pc-windows-msvc"] {
        let platform = Platform::of_target(target).expect("releases are made for it");
        let license = Path::new(LICENSE);
        let zip = simulator.pack(platform, license, license).expect("it can be packed");
        names.push(zip.file_name().expect("a file").display().to_string());
    }
    let expected = ["linux_amd64", "windows_amd64"];
    assert_eq!(names, expected.map(|it| format!("certcentral-sim_{VERSION}_{it}.zip")));
    let sums = [simulator.seal(), provider.seal()]
        .map(|it| fs::read_to_string(it.expect("there is a zip")).expect("it was written"));
    let listed = sums.each_ref().map(|it| it.matches("certcentral-sim").count());
    assert_eq!(listed, [2, 0], "a registry reads the sums of the provider");
    assert!(!sums[0].contains("manifest"), "{}", sums[0]);

    let listing = |name: &String| {
        let mut unzip = process::command("unzip");
        let output = unzip.current_dir(folder.path()).args(["-Z1", name]).output();
        String::from_utf8(output.expect("unzip is there").stdout).expect("UTF-8")
    };
    assert_eq!(listing(&names[0]), "LICENSE\ncertcentral-sim\n");
    assert_eq!(listing(&names[1]), "LICENSE\ncertcentral-sim.exe\n");
}

#[test]
fn packing_twice_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let zips = ["one", "two"].map(|name| release(folder.path().join(name), Path::new(LICENSE)).1);
    let [one, two] = zips.map(|zip| fs::read(zip).expect("it was written"));
    assert!(one == two, "the zips differ");
}

/// Signs as a release is signed, with a key that is made for this and lies in a folder of its own.
#[test]
fn a_signature_is_good() {
    let folder = tempfile::tempdir().expect("a temporary directory");
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
