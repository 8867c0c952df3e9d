//! Modules that use the provider can be tested without an account: `examples/testing`, and its guide.

use std::fs;
use std::path::Path;

use certcentral_sim::Options;
use terraform_provider_digicert::provider::Provider;
use terraform_provider_digicert::schema::{Block, Configurability, Kind};

use crate::cli::{Workspace, program, unwrapped};
use crate::guides::guides;
use crate::pipelines::site::{Site, ran};

/// The guide that is run here, block by block, and not as configurations to be applied.
pub(crate) const GUIDE: &str = "testing-your-modules";

#[test]
fn a_bare_mock_is_enough() {
    let workspace = example("");
    let text = passes(&workspace);
    let warned = text.contains("Warning: ") && text.contains("access_role_id");
    assert!(warned && !text.contains("Error: "), "an ID of letters is worth a warning: {text}");
    assert_eq!(workspace.sim.take_requests().len(), 0);
}

#[test]
fn mocked_values_leave_nothing_to_warn_of() {
    let workspace = example(&if is_opentofu() { mocks_within() } else { SOURCE.into() });
    let text = passes(&workspace);
    assert!(!text.contains("Warning: "), "{text}");
    assert_eq!(workspace.sim.take_requests().len(), 0);
}

#[test]
fn the_same_tests_pass_with_the_provider_itself() {
    let workspace = unmocked_example("");
    passes(&workspace);
    let left = workspace.sim.with(|world| (world.subaccounts.len(), world.users.len()));
    assert_eq!(left, (1, 2), "a subaccount cannot be closed, and the other users are as before");
}

#[test]
fn the_tests_for_the_simulator_pass_with_it() {
    let workspace = example("");
    let text = workspace.run(&["test", "-no-color", "-test-directory=simulator"]).succeeded();
    assert!(text.contains("Success! 3 passed, 0 failed."), "{text}");
    let requests = workspace.sim.take_requests();
    for path in ["/account", "/user", "/account/subaccount/invite"] {
        let sent = requests.iter().any(|it| it.method == "POST" && it.path == path);
        assert!(sent, "no mock stands for POST {path}");
    }
    // A module that keeps its default cannot be destroyed at the end.
    let workspace = example("");
    let path = workspace.path("simulator/customer.tftest.hcl");
    let tests = read(&path);
    fs::write(path, tests.replace("deletion_protection = false", "")).expect("it is writable");
    let ran = workspace.run(&["test", "-no-color", "-test-directory=simulator"]);
    // OpenTofu prints the error only, as the guide says.
    assert_eq!(ran.code, Some(i32::from(!is_opentofu())), "{}", ran.text);
    assert!(ran.text.contains("Object protected from deletion"), "{}", ran.text);
}

#[test]
fn made_up_ids_are_errors_where_the_provider_is_configured() {
    let workspace = unmocked_example("override_resource {\n  target = digicert_user.manager\n}\n");
    let text = workspace.run(&["test", "-no-color"]).failed();
    assert!(text.contains("Error: Invalid argument value"), "{text}");
    assert!(text.contains("`account_manager_user_id` must be a numeric ID"), "{text}");
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
}

#[test]
fn mocks_have_every_value_that_certcentral_chooses() {
    let mocks = read(&root().join(MOCKS));
    let registry = Provider::new().registry();
    let resources =
        registry.resources.iter().map(|it| ("mock_resource", it.type_name(), it.block()));
    let data_sources =
        registry.data_sources.iter().map(|it| ("mock_data", it.type_name(), it.block()));
    for (mock, name, block) in resources.chain(data_sources) {
        let (_, rest) = mocks
            .split_once(&format!("{mock} \"{name}\" {{\n"))
            .unwrap_or_else(|| panic!("{MOCKS} has no {mock} for {name}"));
        let defaults = rest.split("\n}\n").next().unwrap_or_default();
        for attribute in chosen(block) {
            let found = defaults.lines().any(|line| key(line) == Some(attribute));
            assert!(found, "{MOCKS} has no {attribute} for {name}");
        }
    }
    for line in mocks.lines() {
        let value = line.split(" = ").nth(1).unwrap_or_default().trim_matches('"');
        let is_id = |key: &str| key == "id" || (key.ends_with("_id") && key != "public_id");
        if key(line).is_some_and(is_id) && value != "null" {
            assert!(value.parse::<u64>().is_ok(), "{MOCKS}: an ID has digits: {line}");
        }
    }
}

#[test]
fn the_guide_does_what_it_says() {
    let guide = guides().into_iter().find(|guide| guide.name == GUIDE).expect("a guide");
    let workspace = Workspace::new(Options::default());
    let mut printed = String::new();
    for (language, text) in fences(&guide.text) {
        match language {
            "terraform" => write_file(&workspace, text),
            "shell" => printed = unwrapped(&run_all(&workspace, text)),
            "sh" => run_with_simulator(&workspace, text),
            "text" => assert!(printed.contains(unwrapped(text).trim()), "{text}\n{printed}"),
            _ => panic!("{language} is not run"),
        }
    }
    assert!(printed.contains("Success! "), "{printed}");
}

/// Writes the file that the block's first line names.
fn write_file(workspace: &Workspace, block: &str) {
    let name = block.lines().next().and_then(|line| line.strip_prefix("# "));
    let name = name.unwrap_or_else(|| panic!("a comment names the file: {block}"));
    if is_opentofu() && block.contains(SOURCE) {
        // OpenTofu has no files of mocked values, as the guide says.
        return;
    }
    let path = workspace.path(name);
    fs::create_dir_all(path.parent().expect("a directory")).expect("the directory is writable");
    fs::write(&path, block).expect("the directory is writable");
    if !is_opentofu() || !name.ends_with(".tfmock.hcl") {
        workspace.run(&["fmt", "-check", "-diff", name]).succeeded();
    }
}

/// Runs commands that download the simulator, in a site whose downloads are stand-ins.
fn run_with_simulator(workspace: &Workspace, commands: &str) {
    assert!(commands.contains(&format!("version={}\n", env!("CARGO_PKG_VERSION"))), "{commands}");
    let site = Site::new("github");
    let mut shell = site.command("sh", &workspace.path(""));
    shell.args(["-ec", commands]).env("TF_CLI_CONFIG_FILE", workspace.path("terraform.rc"));
    let text = ran(&mut shell).succeeded();
    assert!(text.contains("_linux_amd64.zip: OK") && text.contains("Success!"), "{text}");
    assert_eq!(site.sim.requests().len() + workspace.sim.requests().len(), 0, "{text}");
}

/// What the commands of a block print.
fn run_all(workspace: &Workspace, commands: &str) -> String {
    let printed = commands.lines().map(|command| {
        let arguments = command.strip_prefix("terraform ");
        let arguments = arguments.unwrap_or_else(|| panic!("{command} is not run"));
        let arguments: Vec<_> = arguments.split(' ').chain(["-no-color"]).collect();
        workspace.run(&arguments).succeeded()
    });
    printed.collect()
}

/// Language and text of each fenced block.
fn fences(text: &str) -> Vec<(&str, &str)> {
    let blocks = text.split("\n```").skip(1).step_by(2);
    blocks.filter_map(|block| block.split_once('\n')).collect()
}

/// The example in a folder of its own, whose mocks have `values` in place of their source.
fn example(values: &str) -> Workspace {
    let workspace = Workspace::new(Options::default());
    copy(&root().join("examples/testing"), &workspace.path(""));
    workspace.run(&["fmt", "-check", "-diff", "-recursive"]).succeeded();
    let path = workspace.path(TESTS);
    let tests = read(&path);
    assert_eq!(tests.matches(SOURCE).count(), 2, "{tests}");
    fs::write(path, tests.replace(SOURCE, values)).expect("the directory is writable");
    workspace
}

/// The example with the provider itself and what `overrides` says.
fn unmocked_example(overrides: &str) -> Workspace {
    let workspace = example("");
    let path = workspace.path(TESTS);
    let tests = read(&path);
    let (_, rest) = tests.split_once("variables {").expect("variables follow the mocks");
    fs::write(path, format!("{overrides}variables {{{rest}")).expect("the directory is writable");
    workspace
}

#[track_caller]
fn passes(workspace: &Workspace) -> String {
    let text = workspace.run(&["test", "-no-color"]).succeeded();
    assert!(text.contains("Success! 3 passed, 0 failed."), "{text}");
    text
}

/// The example's mocked values as OpenTofu takes them: within a test, and none for what the
/// configuration sets.
fn mocks_within() -> String {
    let mocks = read(&root().join(MOCKS));
    let set = ["allowed_grandchildren", "child_name", "deletion_protection", "name"];
    // Members of objects have names, too.
    let is_argument = |line: &str| line.starts_with("    ") && !line.starts_with("     ");
    let is_set = |line: &str| is_argument(line) && key(line).is_some_and(|key| set.contains(&key));
    let lines = mocks.lines().filter(|line| !is_set(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// Names of the attributes, at any depth, that have a value where the configuration gives none.
fn chosen(block: &Block) -> Vec<&'static str> {
    let mut names = Vec::new();
    for attribute in &block.attributes {
        if matches!(
            attribute.configurability,
            Configurability::Computed | Configurability::OptionalComputed
        ) {
            names.push(attribute.name);
        }
        if let Kind::Block(nested) = &attribute.kind {
            names.extend(chosen(nested));
        }
        names.extend(attribute.members.iter().flat_map(chosen));
    }
    names
}

/// The name that a line gives a value.
fn key(line: &str) -> Option<&str> {
    line.split_once(" = ").map(|(key, _)| key.trim())
}

fn is_opentofu() -> bool {
    Path::new(&program()).file_stem().is_some_and(|name| name == "tofu")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the directory is writable");
    for entry in fs::read_dir(from).expect("it exists") {
        let path = entry.expect("it can be read").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).expect("the directory is writable");
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

const TESTS: &str = "tests/customer.tftest.hcl";

const MOCKS: &str = "examples/testing/mocks/digicert.tfmock.hcl";

/// Where the mocks of the example take their values from.
const SOURCE: &str = r#"source = "./mocks""#;
