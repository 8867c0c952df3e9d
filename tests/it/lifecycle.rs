//! The lifecycle of each resource through the real CLI, as a table with a row per resource.
//!
//! After every step the plan is empty, and the write requests are exactly those expected.

use certcentral_sim::{Options, World};
use serde_json::Value;

use crate::cli::Workspace;

/// A change in CertCentral outside of Terraform.
pub(crate) type Elsewhere = fn(&mut World);

/// A resource and its expected lifecycle.
pub(crate) struct Row {
    /// `digicert_…`.
    pub(crate) resource: &'static str,
    /// A block with required arguments only, and the requests that create it.
    pub(crate) create: (&'static str, &'static [&'static str]),
    /// Changes of each argument that can be updated: the new block and its requests.
    pub(crate) updates: &'static [(&'static str, &'static [&'static str])],
    /// The same object with other letter case and order, whose plan is empty.
    pub(crate) respelled: &'static str,
    /// Changes outside of Terraform, with the attribute whose drift the plan reports.
    pub(crate) drift: &'static [(&'static str, Elsewhere)],
    /// Changes outside of Terraform that the plan does not report.
    pub(crate) unnoticed: &'static [Elsewhere],
    /// Removes the object in CertCentral, with the text in the output of the next plan.
    pub(crate) removed: (Elsewhere, &'static str),
    /// The import ID, from the attributes in the state.
    pub(crate) import_id: fn(&Value) -> String,
    /// The requests of an apply after an import: arguments that can be changed and not be read are sent,
    /// and those that cannot be changed are adopted.
    pub(crate) after_import: &'static [&'static str],
    /// An attribute to delete from the stored state, which the next refresh or apply restores.
    pub(crate) lost_attribute: &'static str,
    /// The requests of a destroy.
    pub(crate) destroy: &'static [&'static str],
    /// The warning of a destroy, in its plan and when applied.
    pub(crate) left_behind: Option<&'static str>,
}

impl Row {
    /// Runs the lifecycle with these options of the simulator.
    pub(crate) fn live(&self, options: Options) {
        let workspace = Workspace::new(options);
        let beginning = workspace.sim.with(|world| world.clone());
        let life = Life { row: self, workspace, beginning };
        life.create();
        life.update();
        life.respell();
        life.drift();
        life.change_version();
        life.import();
        life.destroy();
        life.vanish();
    }
}

struct Life<'a> {
    row: &'a Row,
    workspace: Workspace,
    beginning: World,
}

impl Life<'_> {
    fn write(&self, block: &str) {
        self.workspace.write_block(self.row.resource, block);
    }

    fn address(&self) -> String {
        format!("{}.it", self.row.resource)
    }

    fn state(&self) -> Value {
        self.workspace.state(&self.address())
    }

    fn id(&self) -> String {
        self.state()["id"].as_str().unwrap_or_default().to_owned()
    }

    /// Applies a block with exactly these requests. The next plan is empty.
    fn apply(&self, block: &str, writes: &[&str]) {
        let id = self.id();
        self.write(block);
        self.workspace.sim.take_requests();
        self.workspace.apply();
        assert_eq!(self.workspace.writes(&id), writes, "for the block\n{block}");
        self.workspace.assert_empty_plan();
    }

    fn last_block(&self) -> &str {
        self.row.updates.last().map_or(self.row.create.0, |update| update.0)
    }

    fn create(&self) {
        self.apply(self.row.create.0, self.row.create.1);
    }

    fn update(&self) {
        for (block, writes) in self.row.updates {
            self.apply(block, writes);
        }
    }

    fn respell(&self) {
        self.apply(self.row.respelled, &[]);
        // Another letter case of an element of a set is stored in the state, and nothing is sent.
        self.apply(self.last_block(), &[]);
    }

    fn drift(&self) {
        for (attribute, change) in self.row.drift {
            self.workspace.sim.with(change);
            let plan = self.workspace.assert_plan();
            let attribute = attribute.rsplit('.').next().unwrap_or_default();
            let shown = ["~", "+", "-"].map(|sign| format!("{sign} {attribute} "));
            assert!(
                shown.iter().any(|line| plan.contains(line)),
                "{attribute}:
{plan}"
            );
            self.workspace.apply();
            self.workspace.assert_empty_plan();
        }
        let before = self.workspace.sim.with(|world| world.clone());
        for change in self.row.unnoticed {
            self.workspace.sim.with(change);
            self.workspace.assert_empty_plan();
        }
        self.workspace.sim.with(|world| *world = before);
    }

    /// A state from an older version lacks attributes, one from a newer version has more.
    fn change_version(&self) {
        self.workspace.edit_state(self.row.resource, |instance| {
            let attributes = instance["attributes"].as_object_mut().expect("a state");
            attributes.remove(self.row.lost_attribute).expect("it was there");
            attributes.insert("added_later".to_owned(), serde_json::json!({"deep": [1, null]}));
        });
        self.workspace.apply();
        self.workspace.assert_empty_plan();
        assert!(!self.state()[self.row.lost_attribute].is_null());
    }

    /// Import by command, and by block with generated configuration.
    fn import(&self) {
        let id = (self.row.import_id)(&self.state());

        self.workspace.forget(&self.address());
        self.workspace.run(&["import", "-no-color", &self.address(), &id]).succeeded();
        self.apply(self.last_block(), self.row.after_import);

        self.workspace.forget(&self.address());
        self.workspace.write(&format!("import {{\n  to = {}\n  id = {id:?}\n}}", self.address()));
        let plan = ["plan", "-no-color", "-generate-config-out=generated.tf"];
        self.workspace.run(&plan).succeeded();
        self.workspace.apply();
        self.workspace.assert_empty_plan();
        assert_eq!(self.workspace.writes(""), <[&str; 0]>::default(), "an import changes nothing");

        std::fs::remove_file(self.workspace.path("generated.tf")).expect("it was generated");
        self.apply(self.last_block(), self.row.after_import);
    }

    fn destroy(&self) {
        let id = self.id();
        self.workspace.sim.take_requests();
        let plan = self.workspace.run(&["plan", "-destroy", "-no-color"]).succeeded();
        let applied = self.workspace.destroy();
        if let Some(warning) = self.row.left_behind {
            assert!(plan.contains(warning), "{plan}");
            assert!(applied.contains(warning), "{applied}");
        }
        assert_eq!(self.workspace.writes(&id), self.row.destroy);
        assert!(self.state().is_null());
    }

    fn vanish(&self) {
        // Objects that a destroy cannot delete would prevent the second create.
        self.workspace.sim.with(|world| *world = self.beginning.clone());
        let (remove, said) = self.row.removed;
        self.write(self.row.create.0);
        self.workspace.apply();
        self.workspace.sim.with(remove);
        let plan = self.workspace.plan();
        assert!(crate::cli::unwrapped(&plan.text).contains(said), "{}", plan.text);
    }
}
