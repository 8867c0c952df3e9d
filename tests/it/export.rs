//! The command `export`: configurations and `import` blocks for the objects of an account.

mod account;
mod directory;
mod interrupted;
mod left_out;
mod names;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use certcentral_sim::{Options, Sim};
use terraform_provider_digicert::resources::RESOURCES;

use crate::cli::{Ran, Workspace};
use crate::fixtures::respelled;
use crate::host::assert_no_key;
use crate::process;
use account::{FEW, fill};

/// The command with these arguments, and a directory to write to.
fn command(sim: &Sim, out: &Path, arguments: &[&str]) -> Command {
    let mut command = process::command(env!("CARGO_BIN_EXE_terraform-provider-digicert"));
    command
        .args(["export", "--max-retries=0", "--out"])
        .arg(out)
        .args(arguments)
        .env("DIGICERT_API_KEY", sim.api_key())
        .env("DIGICERT_BASE_URL", sim.base_url());
    command
}

/// Runs the command. Its output has no key.
fn export(sim: &Sim, out: &Path, arguments: &[&str]) -> Ran {
    let Output { status, stdout, stderr } =
        command(sim, out, arguments).output().expect("the binary starts");
    let text = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
    assert_no_key(sim, "export", &text);
    Ran { code: status.code(), text }
}

/// The files of a directory.
fn files(directory: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = std::fs::read_dir(directory) else { return BTreeMap::new() };
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("a readable directory").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).unwrap_or_default())
    };
    entries.map(read).filter(|(name, _)| name.ends_with(".tf")).collect()
}

/// Exports with everything that the simulator has, and checks that Terraform imports all of it and changes nothing.
fn imports_all_and_changes_nothing(options: Options, arguments: &[&str]) {
    let workspace = Workspace::new(options);
    fill(&workspace.sim, FEW);
    let out = workspace.path("export");
    let text = export(&workspace.sim, &out, arguments).succeeded();
    let requests = workspace.sim.take_requests();
    assert!(requests.iter().all(|it| it.method == "GET"), "an export only reads");

    let files = files(&out);
    for (name, text) in &files {
        assert_no_key(&workspace.sim, name, text);
        assert!(!text.contains("example-secret"), "{text}");
    }
    let blocks: usize = files.values().map(|it| it.matches("\nimport {").count()).sum();
    assert!(text.contains(&format!("Exported {blocks} objects to:")), "{text}");
    for resource in RESOURCES {
        let block = format!("resource \"{}\"", resource.type_name());
        assert!(files.values().any(|text| text.contains(&block)), "{block}: {text}");
    }
    let formatted = workspace.run(&["-chdir=export", "fmt", "-check", "-diff"]);
    assert_eq!(formatted.code, Some(0), "{}", formatted.text);

    let plan = workspace.run(&["-chdir=export", "plan", "-input=false", "-no-color"]).succeeded();
    let expected = format!("Plan: {blocks} to import, 0 to add, 0 to change, 0 to destroy.");
    assert!(plan.contains(&expected), "{expected}\n{plan}");
    workspace
        .run(&["-chdir=export", "apply", "-auto-approve", "-input=false", "-no-color"])
        .succeeded();
    let again = ["-chdir=export", "plan", "-detailed-exitcode", "-input=false", "-no-color"];
    let again = workspace.run(&again);
    assert_eq!(again.code, Some(0), "{}", again.text);
    assert_eq!(workspace.writes(""), [""; 0], "nothing is changed at CertCentral");
}

#[test]
fn the_plan_of_an_export_imports_everything_and_changes_nothing() {
    imports_all_and_changes_nothing(Options::default(), &[]);
}

#[test]
fn responses_in_other_forms_are_exported_alike() {
    let options = Options {
        user_list_has_optional_fields: false,
        user_list_has_service_users: true,
        key_list_has_revoked: true,
        page_limit_default: 2,
        page_limit_max: 2,
        ..respelled()
    };
    imports_all_and_changes_nothing(options, &["--rate-limits="]);
}

#[test]
fn references_replace_ids_of_exported_objects() {
    let sim = crate::fixtures::sim();
    fill(&sim, FEW);
    let directory = tempfile::tempdir().expect("a directory");
    let [all, some] = ["all", "some"].map(|name| directory.path().join(name));
    export(&sim, &all, &[]).succeeded();
    let all = files(&all);
    for (file, expected) in [
        ("users.tf", "  container_id             = digicert_division.sales_0.id\n"),
        ("users.tf", "  container_id_assignments = [\"1001\", digicert_division.sales_0.id]\n"),
        ("divisions.tf", "digicert_division.division_one.id\n"),
        ("divisions.tf", "digicert_division.sales_0.id\n"),
        // References in both directions would form a circle.
        ("divisions.tf", "  organization_ids = [\"300001\"]\n"),
        ("organizations.tf", " = digicert_division.sales_0.id\n"),
        (
            "organization_contacts.tf",
            "  organization_id = digicert_organization.example_org_llc.id\n",
        ),
        ("api_keys.tf", " = digicert_user.admin.id\n"),
        ("api_keys.tf", " = digicert_service_user.pipeline0.id\n"),
    ] {
        let text = &all[file];
        assert!(text.contains(expected), "{file}: {expected}\n{text}");
    }

    export(&sim, &some, &["--only=user,organization_contacts"]).succeeded();
    let some = files(&some);
    let names: Vec<_> = some.keys().collect();
    assert_eq!(names, ["organization_contacts.tf", "provider.tf", "users.tf"]);
    assert!(some.values().all(|text| !text.contains(".id\n")), "no target is exported: {some:?}");
    assert!(some["users.tf"].contains("\"1001\", \""), "{some:?}");
}

#[test]
fn what_cannot_be_read_is_a_comment() {
    let sim = crate::fixtures::sim();
    fill(&sim, FEW);
    let without_key = sim.with(|world| {
        let mut service = account::user(world, "svc-idle");
        (service.first_name, service.last_name) = ("Service".into(), "User".into());
        (service.is_api_only, service.email) = (true, "idle@example.com".into());
        let id = service.id;
        world.users.insert(id, service);
        id
    });
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("export");
    export(&sim, &out, &[]).succeeded();
    let files = files(&out);
    for (file, expected) in [
        (
            "api_keys.tf",
            "# CertCentral returns `api_key` only once, at creation: null after the import.\n",
        ),
        ("subaccounts.tf", "# CertCentral returns `api_key` only once"),
        (
            "account_settings.tf",
            "# Not written, because CertCentral does not return every value: `account_fund_",
        ),
        ("account_emails.tf", "`emergency_emails`"),
        ("webhooks.tf", "`secret`"),
        ("users.tf", "`is_saml_sso_only`"),
        ("service_users.tf", "  key_name = \"Pipeline\"\n"),
        ("service_users.tf", "  key_name = \"idle@example.com\"\n"),
        ("service_users.tf", "# It has no API key, so `key_name`"),
    ] {
        let text = &files[file];
        assert!(text.contains(expected), "{file}: {expected}\n{text}");
    }
    assert!(files["service_users.tf"].contains(&without_key.to_string()));
}

#[test]
fn arguments_of_the_provider_are_flags_and_variables() {
    let sim = crate::fixtures::sim();
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("export");
    export(&sim, &out, &["--only=user", "--refresh-from-lists", "--rate-limits=90/5s"]).succeeded();
    let provider = &files(&out)["provider.tf"];
    assert!(provider.contains("  rate_limits        = [\"90/5s\"]\n"), "{provider}");
    assert!(provider.contains("  refresh_from_lists = true\n"), "{provider}");
    assert!(!provider.contains("base_url"), "values of variables stay there: {provider}");

    let wrong = export(&sim, &directory.path().join("other"), &["--account-id=7"]).failed();
    assert!(wrong.contains("Error: API key of another account"), "{wrong}");
    let mut without_key = command(&sim, &directory.path().join("other"), &[]);
    let output = without_key.env_remove("DIGICERT_API_KEY").output().expect("it starts");
    assert!(String::from_utf8_lossy(&output.stderr).contains("Error: Missing API key"));
    assert!(!directory.path().join("other").exists());
}

#[test]
fn on_a_terminal_the_progress_is_a_bar() {
    let sim = crate::fixtures::sim();
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("export");
    let export = command(&sim, &out, &["--only=user,division"]);
    let words = [export.get_program()].into_iter().chain(export.get_args());
    let line: Vec<_> = words.map(|it| format!("'{}'", it.to_string_lossy())).collect();
    let mut terminal = process::command("script");
    terminal.args(["-qec", &line.join(" "), "/dev/null"]).env("TERM", "xterm");
    for (name, value) in export.get_envs() {
        terminal.env(name, value.unwrap_or_default());
    }
    let output = terminal.output().expect("script is installed");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("] 1/2 digicert_user"), "{text:?}");
    assert!(!text.contains("digicert_user: 1\r\n"), "no line for each type: {text:?}");
    assert!(text.contains("Exported 3 objects to:"), "{text:?}");
}

#[test]
fn a_search_finds_some_objects() {
    let sim = crate::fixtures::sim();
    fill(&sim, FEW);
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("export");
    let text = export(&sim, &out, &["--search=ser1@exam"]).succeeded();
    assert!(text.contains("digicert_user: 1\n"), "{text}");
    assert!(text.contains("digicert_custom_field: 0\n"), "{text}");
    let files = files(&out);
    assert_eq!(files.keys().collect::<Vec<_>>(), ["provider.tf", "users.tf"], "{text}");
}

#[test]
fn elsewhere_than_on_a_terminal_the_progress_is_a_line_for_each_type() {
    let sim = crate::fixtures::sim();
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("export");
    let output = command(&sim, &out, &["--only=user,division"]).output().expect("it starts");
    let [stdout, stderr] =
        [output.stdout, output.stderr].map(|it| String::from_utf8(it).expect("text"));
    assert_eq!(stderr, "digicert_division: 2\ndigicert_user: 1\n");
    assert_eq!(stdout, format!("Exported 3 objects to:\n{}\n", out.display()));
}
