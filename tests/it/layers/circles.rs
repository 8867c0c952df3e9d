//! The files of a module depend on each other in one direction.
//!
//! A file depends on the files that define the items it names; re-exports are followed. A module and its
//! submodules may name each other: the file of a module is the header of its directory.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Named, sources};

#[test]
fn files_of_a_module_depend_in_one_direction() {
    let circles = Crate::new().circles();
    assert!(circles.is_empty(), "these files of a module depend on each other: {circles:?}");
}

type Module = Vec<String>;

/// The modules of the crate, each with the paths that it names.
struct Crate(BTreeMap<Module, Vec<Named>>);

impl Crate {
    fn new() -> Self {
        let sources = sources().into_iter().filter(|it| !it.is_test());
        Self(sources.map(|it| (it.module.clone(), it.paths())).collect())
    }

    /// The circles in each module.
    fn circles(&self) -> Vec<(String, BTreeSet<String>)> {
        let mut circles = Vec::new();
        for (parent, edges) in self.edges() {
            let reachable: BTreeMap<_, _> =
                edges.keys().map(|from| (from, reachable(&edges, from))).collect();
            let mut found = BTreeSet::new();
            for (from, to) in &reachable {
                if to.contains(*from) {
                    let returns =
                        |it: &&String| reachable.get(it).is_some_and(|it| it.contains(*from));
                    found.insert(to.iter().filter(returns).cloned().collect::<BTreeSet<_>>());
                }
            }
            circles.extend(found.into_iter().map(|circle| (parent.join("::"), circle)));
        }
        circles
    }

    /// For each module, which of its submodules depend on which others.
    fn edges(&self) -> BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> {
        let mut edges: BTreeMap<Module, BTreeMap<_, BTreeSet<_>>> = BTreeMap::new();
        for (module, paths) in &self.0 {
            for named in paths {
                let Some(target) = self.absolute(module, &named.path) else { continue };
                let target = self.defining(&target);
                let common = module.iter().zip(&target).take_while(|(a, b)| a == b).count();
                if let (Some(from), Some(to)) = (module.get(common), target.get(common)) {
                    let siblings = edges.entry(module[..common].to_vec()).or_default();
                    siblings.entry(from.clone()).or_default().insert(to.clone());
                }
            }
        }
        edges
    }

    /// The path from the root of the crate. `None` for a path into another crate.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let supers = path.iter().take_while(|it| *it == "super").count();
        let (base, rest) = match path.first().map(String::as_str)? {
            "crate" => (&[] as &[_], &path[1..]),
            "self" => (module, &path[1..]),
            "super" => (&module[..module.len().checked_sub(supers)?], &path[supers..]),
            first if self.0.contains_key(&[module, &[first.to_owned()]].concat()) => (module, path),
            _ => return None,
        };
        Some([base, rest].concat())
    }

    /// The module that defines the item at a path: re-exports are followed.
    fn defining(&self, path: &[String]) -> Module {
        let module = (0..=path.len()).rev().map(|end| &path[..end]);
        let module = module.into_iter().find(|it| self.0.contains_key(*it)).unwrap_or_default();
        let Some(item) = path.get(module.len()) else { return module.to_vec() };
        let mut imports = self.0.get(module).into_iter().flatten();
        let import = imports.find(|it| it.import.as_ref() == Some(item));
        match import.and_then(|it| self.absolute(module, &it.path)) {
            Some(target) if target != path => self.defining(&target),
            _ => module.to_vec(),
        }
    }
}

/// Everything that can be reached from a file, in one step or more.
fn reachable(edges: &BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<String> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(file) = open.pop() {
        for next in edges.get(file).into_iter().flatten() {
            if reached.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    reached
}
