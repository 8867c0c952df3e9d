//! Guides are run: each block of Terraform in one is a whole configuration, and this applies it.
//!
//! Every block is formatted, applied to a fresh simulator that [`prepare`] has made ready for its
//! guide, and planned again in vain. A block with imports and no resources gets its configuration
//! generated first.

use std::fs;
use std::path::Path;

use certcentral_sim::{Options, Sim};

use crate::cli::Workspace;

/// A page of `docs/guides`.
pub(crate) struct Guide {
    /// Name of the file without `.md`.
    pub(crate) name: String,
    /// All of it.
    pub(crate) text: String,
}

/// Every guide, by name.
pub(crate) fn guides() -> Vec<Guide> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides");
    let entries = fs::read_dir(folder).expect("there are guides");
    let mut guides: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a file").display().to_string();
            Guide { name, text: fs::read_to_string(path).expect("it is text") }
        })
        .collect();
    guides.sort_by(|one, other| one.name.cmp(&other.name));
    guides
}

#[test]
fn guides_have_what_the_registry_expects() {
    for Guide { name, text } in guides() {
        let front = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n\n# "));
        let (front, body) = front.unwrap_or_else(|| panic!("{name} has no front matter and title"));
        for field in ["page_title: \"", "subcategory: \"\"", "description: |-\n  "] {
            assert!(front.contains(field), "{name} lacks {field}");
        }
        let title = body.lines().next().unwrap_or_default();
        assert!(front.contains(&format!("page_title: \"{title}\"")), "{name}: {title}");
        assert!(!blocks(&text).is_empty(), "{name} shows no configuration");
        // Whatever is not run might not work.
        assert!(!text.contains("```hcl"), "{name}: a configuration is marked ```terraform");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = format!("{}.md", link.split('#').next().unwrap_or_default());
            let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides").join(file);
            assert!(link.starts_with("https://") || found.exists(), "{name} links to {link}");
        }
    }
}

#[test]
fn guides_do_what_they_say() {
    for Guide { name, text } in guides() {
        for block in blocks(&text) {
            println!("{name}:\n{block}");
            run(&name, block);
        }
    }
}

fn run(guide: &str, block: &str) {
    let workspace = Workspace::new(Options::default());
    prepare(guide, &workspace.sim);
    fs::write(workspace.path("guide.tf"), block).expect("the folder is ours");
    workspace.run(&["fmt", "-check", "-diff", "guide.tf"]).succeeded();
    if !block.contains("required_providers") {
        workspace.write("");
    }
    if block.contains("import {") && !block.contains("resource \"") {
        workspace.run(&["plan", "-no-color", "-generate-config-out=generated.tf"]).succeeded();
    }
    workspace.apply();
    workspace.assert_empty_plan();
}

/// The text between ```` ```terraform ```` and the end of each block.
fn blocks(text: &str) -> Vec<&str> {
    let begins = text.split("```terraform\n").skip(1);
    begins.filter_map(|rest| rest.split("```").next()).collect()
}

/// Puts the objects in place that a guide speaks of.
fn prepare(_guide: &str, _sim: &Sim) {}
