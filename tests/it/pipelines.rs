//! The pipelines of `examples/pipelines` are run: their shell parts, in the order of their jobs, with the real CLI
//! against a simulator. The runner, its artifacts and the downloads are stand-ins.

mod github;
mod gitlab;
pub(crate) mod site;
mod state_server;

use saphyr::{LoadableYamlNode, YamlOwned};
use serde_json::Value;

use crate::guides::guides;
use crate::words::{below, read, root};

/// The guide that shows the files. Its blocks are run here, as parts of their pipelines.
pub(crate) const GUIDE: &str = "running-in-pipelines";

/// Where the files are.
const FILES: &str = "examples/pipelines";

#[test]
fn the_guide_shows_the_files() {
    let text = guide();
    let mut blocks = fenced(&text, "yaml");
    blocks.extend(fenced(&text, "terraform"));
    let files: Vec<_> = below(&root().join(FILES)).iter().map(|path| read(path)).collect();
    for block in &blocks {
        assert!(files.iter().any(|file| file == block), "no file of {FILES} is this:\n{block}");
    }
    for name in [GITHUB, GITLAB, "github/backend.tf", "gitlab/backend.tf", "encryption.tofu"] {
        assert!(blocks.contains(&&*file(name)), "the guide lacks {name}");
    }
    assert_eq!(blocks.len(), 5, "each is shown once");
}

#[test]
fn pipelines_download_the_simulator_of_this_version() {
    let expected = format!("certcentral-sim_{}", env!("CARGO_PKG_VERSION"));
    for variables in [&parse(GITHUB)["jobs"]["test"]["env"], &parse(GITLAB)["test"]["variables"]] {
        assert_eq!(variables["SIMULATOR"], *expected);
    }
}

/// Every `terraform` that waits for nobody, and whose plan is the one that was reviewed.
#[test]
fn commands_neither_ask_nor_choose_other_versions() {
    for name in [GITHUB, GITLAB] {
        let text = file(name);
        let commands = text.lines().filter_map(|line| line.split_once("terraform "));
        for (_, command) in commands.filter(|(before, _)| !before.contains('#')) {
            let has = |option: &str| command.contains(option);
            match command.split(' ').next().unwrap_or_default() {
                "init" => assert!(has("-input=false") && has("-lockfile=readonly"), "{command}"),
                "plan" => assert!(has("-input=false") && has("-lock-timeout="), "{command}"),
                "apply" => assert!(has("-lock-timeout=") && has(" plan.tfplan"), "{command}"),
                other => assert_eq!(other, "test", "{command}"),
            }
        }
    }
}

fn guide() -> String {
    guides().into_iter().find(|guide| guide.name == GUIDE).expect("a guide").text
}

/// The blocks of a language.
fn fenced<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let begin = format!("```{language}\n");
    let blocks = text.split(&*begin).skip(1);
    blocks.filter_map(|rest| rest.split("```").next()).collect()
}

/// The text of a file of `examples/pipelines`.
fn file(name: &str) -> String {
    read(&root().join(FILES).join(name))
}

/// The content of a file of `examples/pipelines`.
fn parse(name: &str) -> Value {
    let documents = YamlOwned::load_from_str(&file(name)).expect("YAML");
    json(documents.first().expect("a document"))
}

/// The same value in the type that other tests use.
fn json(yaml: &YamlOwned) -> Value {
    if let Some(mapping) = yaml.as_mapping() {
        let name = |key: &YamlOwned| key.as_str().expect("keys are texts").to_owned();
        return mapping.iter().map(|(key, value)| (name(key), json(value))).collect();
    }
    if let Some(sequence) = yaml.as_sequence() {
        return sequence.iter().map(json).collect();
    }
    let number = || yaml.as_integer().map(Value::from);
    let text = || yaml.as_str().map(Value::from);
    yaml.as_bool().map(Value::from).or_else(number).or_else(text).unwrap_or(Value::Null)
}

/// Names and values of environment variables.
fn variables(of: &Value) -> Vec<(String, String)> {
    let pairs = of.as_object().into_iter().flatten();
    pairs
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), text)
        })
        .collect()
}

const GITHUB: &str = "github/terraform.yml";

const GITLAB: &str = "gitlab/gitlab-ci.yml";
