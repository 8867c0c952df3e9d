//! Links between the texts of this repository lead to existing files and headings.
//!
//! A guide links to another guide by its file name with `.md`: GitHub needs the extension, and the registries of
//! Terraform and `OpenTofu` remove it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::words::{below, read, root};

#[test]
fn links_lead_to_files_and_headings() {
    let pages: Vec<_> = pages().collect();
    assert!(pages.len() > 12, "{pages:?}");
    let mut problems = Vec::new();
    for page in pages {
        let text = read(&page);
        let links: Vec<_> =
            text.split("](").skip(1).filter_map(|it| it.split(')').next()).collect();
        for link in links {
            if let Some((file, heading)) = target(&page, link)
                && !exists(&file, heading)
            {
                problems.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn headings_are_linked_as_github_does() {
    for (heading, anchor) in [
        ("Code layout", "code-layout"),
        ("`recovery_dir`", "recovery_dir"),
        ("What is checked, and when", "what-is-checked-and-when"),
        ("US/EU: a table", "useu-a-table"),
    ] {
        assert_eq!(slug(heading), anchor);
    }
    assert!(exists(&root().join("README.md"), "license"));
    assert!(!exists(&root().join("README.md"), "cd-targetdist"), "a comment in code is no heading");
    assert!(!exists(&root().join("README"), ""));
}

/// Every Markdown file of the repository.
fn pages() -> impl Iterator<Item = PathBuf> {
    let top = fs::read_dir(root()).expect("the repository").map(|entry| entry.expect("it").path());
    let directories =
        ["docs", "examples", "benches", "certcentral-sim"].map(|it| below(&root().join(it)));
    let all = top.chain(directories.into_iter().flatten());
    all.filter(|path| path.extension().is_some_and(|it| it == "md"))
}

/// The file and the heading that a link on this page leads to; `None` if it leads out of the repository.
fn target<'a>(page: &Path, link: &'a str) -> Option<(PathBuf, &'a str)> {
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    if let Some(ours) = path.strip_prefix(GITHUB) {
        return Some((root().join(ours.split_once("/main/")?.1), heading));
    }
    if let Some(page) = path.strip_prefix(REGISTRY) {
        return Some((root().join(format!("docs/{page}.md")), heading));
    }
    if path.starts_with("https://") {
        return None;
    }
    let file = if path.is_empty() { page.to_owned() } else { page.with_file_name("").join(path) };
    Some((file, heading))
}

fn exists(file: &Path, heading: &str) -> bool {
    if heading.is_empty() {
        return file.exists();
    }
    let text = fs::read_to_string(file).unwrap_or_default();
    if text.contains(&format!("<a id=\"{heading}\"></a>")) {
        return true;
    }
    // The text between fences is code.
    let prose = text.split("```").step_by(2);
    let mut headings = prose.flat_map(str::lines).filter(|line| line.starts_with('#'));
    headings.any(|line| slug(line.trim_start_matches('#').trim()) == heading)
}

/// The anchor of a heading.
fn slug(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it));
    kept.collect::<String>().replace(' ', "-")
}

const GITHUB: &str = "https://github.com/certcentral/terraform-provider-digicert/";

const REGISTRY: &str = "https://registry.terraform.io/providers/certcentral/digicert/latest/docs/";
