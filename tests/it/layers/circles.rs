//! Files depend on each other in one direction.
//!
//! A file depends on the files that define the items it names; re-exports are followed. A submodule may
//! name the items of the modules that contain it: their files are the headers of their directories.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Named, sources};

/// Circles that are still to be opened.
const REMAINING: &[&[&str]] = &[
    &["kind::apply", "kind::plan", "kind::protection", "kind::read", "kind::resource"],
    &["resources::subaccount::create", "resources::subaccount::messages"],
    &["resources::subaccount_invite::delta", "resources::subaccount_invite::list"],
    &["resources::user::find", "resources::user::messages"],
];

#[test]
fn files_depend_in_one_direction() {
    let circles = Crate::new().circles();
    let remaining: Vec<BTreeSet<_>> =
        REMAINING.iter().map(|circle| circle.iter().map(ToString::to_string).collect()).collect();
    for circle in &circles {
        let is_known = remaining.iter().any(|it| it.is_superset(circle));
        assert!(is_known, "these files depend on each other in a circle: {circle:?}");
    }
    for circle in &remaining {
        let is_found = circles.iter().any(|it| it.is_subset(circle));
        assert!(is_found, "this is no circle any longer, remove it from REMAINING: {circle:?}");
    }
}

type Module = Vec<String>;

/// The modules of the crate, each with the paths that it names.
struct Crate(BTreeMap<Module, Vec<Named>>);

impl Crate {
    fn new() -> Self {
        let sources = sources().into_iter().filter(|it| !it.is_test());
        Self(sources.map(|it| (it.module.clone(), it.paths())).collect())
    }

    /// The sets of modules that depend on each other.
    fn circles(&self) -> BTreeSet<BTreeSet<String>> {
        let edges: BTreeMap<_, _> = self
            .0
            .iter()
            .map(|(module, paths)| (module.clone(), self.used(module, paths)))
            .collect();
        let reachable: BTreeMap<_, _> =
            edges.keys().map(|from| (from, reachable(&edges, from))).collect();
        let in_circle = |from: &Module| {
            let circle = reachable[from].iter().filter(|to| reachable[to].contains(from));
            circle.map(|module| module.join("::")).collect::<BTreeSet<_>>()
        };
        edges.keys().map(in_circle).filter(|circle| !circle.is_empty()).collect()
    }

    /// The modules that a module uses, except those that contain it.
    fn used(&self, module: &Module, paths: &[Named]) -> BTreeSet<Module> {
        let paths = paths.iter().filter_map(|named| self.absolute(module, &named.path));
        let used = paths.map(|path| self.defining(&path));
        used.filter(|it| !module.starts_with(it)).collect()
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

/// The modules that can be reached from a module, in one step or more.
fn reachable(edges: &BTreeMap<Module, BTreeSet<Module>>, from: &Module) -> BTreeSet<Module> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(module) = open.pop() {
        for next in &edges[module] {
            if reached.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    reached
}
