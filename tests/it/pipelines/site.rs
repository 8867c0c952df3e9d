//! What pipelines run on: two simulators, the provider in a mirror, downloads, and what is kept between jobs.

use std::cell::Cell;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use certcentral_sim::Sim;
use serde_json::Value;
use tempfile::TempDir;
use xtask::platform::Platform;
use xtask::product::Product;
use xtask::release::Release;

use super::file;
use crate::cli::{Ran, program};
use crate::fixtures::sim;
use crate::process;
use crate::words::root;

/// A repository with a pipeline, and what its runners reach.
pub(crate) struct Site {
    /// The account.
    pub(crate) sim: Sim,
    /// The simulator that the pipeline downloads, as the program that [`stand_in`] writes.
    downloaded: Sim,
    /// A key of the account that may only read.
    pub(super) view_key: String,
    directory: TempDir,
    checkouts: Cell<usize>,
}

impl Site {
    /// A repository with the backend of `github` or `gitlab`, and with a lock file.
    pub(crate) fn new(backend: &str) -> Self {
        let (sim, downloaded) = (sim(), sim());
        let view_key = sim.with(|world| {
            let (id, key) = world.add_key(110_001, "plan");
            let key_of_plans = world.api_keys.get_mut(&id).expect("it was added");
            key_of_plans.restricted_to_role_id = Some(102);
            key
        });
        let directory = tempfile::tempdir().expect("a temporary directory");
        let site = Self { sim, view_key, directory, checkouts: Cell::new(0), downloaded };
        for name in ["bin", "home", "gnupg", "release", "repository/tests", "artifacts"] {
            fs::create_dir_all(site.path(name)).expect("the directory is writable");
        }
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(site.path("gnupg"), private).expect("it is ours");
        site.install_programs();
        site.write_mirror();
        site.publish_simulator();
        for name in ["main.tf", "tests/customer.tftest.hcl"] {
            fs::write(site.path("repository").join(name), file(name)).expect("it is writable");
        }
        let backend = file(&format!("{backend}/backend.tf"));
        fs::write(site.path("repository/backend.tf"), backend).expect("it is writable");
        site
    }

    /// A path in the directory of the site.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Adds the lock file. The backend must be reachable or have been replaced.
    pub(super) fn lock(&self) {
        let mut init = self.command("terraform", &self.path("repository"));
        ran(init.args(["init", "-backend=false", "-no-color"])).succeeded();
    }

    /// A new directory with the files of the repository, as every job has.
    pub(super) fn checkout(&self) -> PathBuf {
        self.checkouts.set(self.checkouts.get() + 1);
        let directory = self.path(&format!("job-{}", self.checkouts.get()));
        fs::create_dir_all(directory.join("tests")).expect("the directory is writable");
        for name in ["main.tf", "backend.tf", ".terraform.lock.hcl", "tests/customer.tftest.hcl"] {
            let from = self.path("repository").join(name);
            fs::copy(from, directory.join(name)).expect("it can be written");
        }
        let other = self.path("repository/backend_override.tf");
        if other.exists() {
            fs::copy(other, directory.join("backend_override.tf")).expect("it can be written");
        }
        directory
    }

    /// Changes the configuration in the repository.
    pub(super) fn edit(&self, from: &str, to: &str) {
        let path = self.path("repository/main.tf");
        let text = fs::read_to_string(&path).expect("it was written");
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replace(from, to)).expect("it is writable");
    }

    /// A program that finds those of the site first.
    pub(crate) fn command(&self, program: &str, directory: &Path) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = process::command(program);
        command
            .current_dir(directory)
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("HOME", self.path("home"))
            .env("GNUPGHOME", self.path("gnupg"))
            .env("TF_CLI_CONFIG_FILE", self.path("terraform.rc"))
            .env("CHECKPOINT_DISABLE", "1")
            // Where CertCentral is, for this test. A pipeline leaves it out.
            .env("DIGICERT_BASE_URL", self.sim.base_url());
        command
    }

    /// The API key in a state.
    pub(super) fn key_in(&self, state: &str) -> Value {
        let state: Value = serde_json::from_str(state).expect("JSON");
        state["outputs"]["customer_api_key"]["value"].clone()
    }

    fn install_programs(&self) {
        let which = Command::new("sh").args(["-c", &format!("command -v {}", program())]).output();
        let which = String::from_utf8(which.expect("sh is there").stdout).expect("UTF-8");
        symlink(which.trim(), self.path("bin/terraform")).expect("the directory is writable");
        // Both take addresses from the release that `publish_simulator` makes.
        let release = self.path("release").display().to_string();
        let fetch = format!(
            "for it in \"$@\"; do case $it in https://github.com/*/v{VERSION}/*) \
             cp \"{release}/${{it##*/}}\" . || exit 1;; esac; done"
        );
        for name in ["curl", "wget"] {
            self.script(&format!("bin/{name}"), &fetch);
        }
    }

    /// The provider where `terraform init` finds it, as an unpacked package.
    fn write_mirror(&self) {
        let platform = Platform::here().expect("releases are made for this platform");
        for host in ["registry.terraform.io", "registry.opentofu.org"] {
            let package = format!("mirror/{host}/certcentral/digicert/{VERSION}/{platform}");
            fs::create_dir_all(self.path(&package)).expect("the directory is writable");
            let binary =
                self.path(&package).join(format!("terraform-provider-digicert_v{VERSION}"));
            symlink(env!("CARGO_BIN_EXE_terraform-provider-digicert"), binary).expect("writable");
        }
        let mirror = self.path("mirror");
        let settings = format!(
            "provider_installation {{\n filesystem_mirror {{\n path = {mirror:?}\n }}\n}}\n"
        );
        fs::write(self.path("terraform.rc"), settings).expect("the directory is writable");
    }

    /// A release of the simulator, packed as a real one.
    fn publish_simulator(&self) {
        let sim = &self.downloaded;
        let program = format!(
            "[ \"$1\" = -- ] && shift\nexport DIGICERT_BASE_URL={} DIGICERT_API_KEY={} \
             DIGICERT_ACCOUNT_ID=100001\nunset DIGICERT_RECOVERY_DIR\nexec \"$@\"",
            sim.base_url(),
            sim.api_key()
        );
        self.script("certcentral-sim", &program);
        let release = Release::new(Product::Simulator, self.path("release"), VERSION);
        let release = release.expect("the directory is writable");
        let linux = Platform::of_target("x86_64-unknown-linux-musl").expect("it is supported");
        let license = root().join("LICENSE");
        release.pack(linux, &self.path("certcentral-sim"), &license).expect("it can be packed");
        release.seal().expect("there is a zip");
    }

    fn script(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("the directory is writable");
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
}

/// Runs a command to its end.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("it starts");
    let text = [output.stdout, output.stderr].concat();
    Ran { code: output.status.code(), text: String::from_utf8_lossy(&text).into_owned() }
}

const VERSION: &str = env!("CARGO_PKG_VERSION");
