//! The source files of the crate, and the paths that they name.

use std::path::{Path, PathBuf};

/// A file in `src/`.
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// The path of the module, such as `schema::plan`. Empty for the root of the crate.
    pub(super) module: Vec<String>,
    /// The code without comment lines.
    pub(super) code: String,
}

/// A path in the code, and the name under which a `use` imports it.
pub(super) struct Named {
    pub(super) path: Vec<String>,
    pub(super) import: Option<String>,
}

/// All files in `src/`.
pub(super) fn sources() -> Vec<Source> {
    let paths = files(Path::new("src")).into_iter();
    paths.map(|path| Source { module: module(&path), code: code(&path), path }).collect()
}

/// All Rust files in a directory.
pub(super) fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).expect("a directory of sources");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let paths = paths.filter(|path| path.file_name().is_some_and(|name| name != "target"));
    let nested = paths.map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    nested.flatten().filter(|path| path.extension().is_some_and(|it| it == "rs")).collect()
}

fn module(path: &Path) -> Vec<String> {
    let module = path.with_extension("");
    let segments = module.components().skip(1).map(|it| it.as_os_str().display().to_string());
    let segments: Vec<_> = segments.collect();
    if segments == ["lib"] { Vec::new() } else { segments }
}

fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a source file");
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

impl Source {
    /// Whether the file contains only tests.
    pub(super) fn is_test(&self) -> bool {
        self.module.iter().any(|segment| segment == "tests")
    }

    /// All paths in the code, except in the tests at its end.
    pub(super) fn paths(&self) -> Vec<Named> {
        let code = self.code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let mut paths = Vec::new();
        let mut lines = code.lines();
        while let Some(line) = lines.next() {
            let Some(tree) = use_tree(line) else {
                paths.extend(paths_in(line));
                continue;
            };
            let mut tree = tree.to_owned();
            while !tree.ends_with(';') {
                tree += lines.next().expect("the end of a use").trim();
            }
            paths.extend(imports(tree.trim_end_matches(';')));
        }
        paths
    }
}

/// The tree of a `use`, if one begins in the line.
fn use_tree(line: &str) -> Option<&str> {
    let (visibility, tree) = line.trim().split_once("use ")?;
    let is_use = visibility.is_empty() || visibility == "pub " || visibility.ends_with(") ");
    is_use.then_some(tree)
}

fn paths_in(line: &str) -> impl Iterator<Item = Named> {
    let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
    let paths = words.filter(|word| word.contains("::"));
    paths.map(|word| Named { path: segments(word), import: None })
}

/// The imports of a tree, such as `super::{a::B, c::{self, D as E}}`.
fn imports(tree: &str) -> Vec<Named> {
    let Some((prefix, inside)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").unwrap_or((tree, ""));
        let mut path = segments(path);
        path.pop_if(|last| last == "self");
        let name = if alias.is_empty() { path.last().cloned() } else { Some(alias.trim().into()) };
        return vec![Named { path, import: name }];
    };
    let inside = inside.trim_end().trim_end_matches('}');
    branches(inside).into_iter().flat_map(|it| imports(&format!("{prefix}{}", it.trim()))).collect()
}

/// The parts between the commas that are not in inner braces.
fn branches(list: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let branches = list.split(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    branches.filter(|it| !it.trim().is_empty()).collect()
}

fn segments(path: &str) -> Vec<String> {
    path.split("::").map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
}
