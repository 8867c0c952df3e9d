//! Paths to values in a configuration.

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To an attribute or a block.
    Attribute(&'static str),
    /// To an element of a map.
    Key(String),
    /// To an element of a list.
    Index(usize),
}

/// The path from a block to a value in it. The path of the block itself is empty.
///
/// Terraform's protocol has no steps into a set, so a path ends at the set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(Vec<Step>);

impl Path {
    /// The path of an attribute or a block at the top level.
    pub fn of(name: &'static str) -> Self {
        Self(vec![Step::Attribute(name)])
    }

    /// This path, extended by one step.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// This path, extended by an attribute.
    #[must_use]
    pub fn attribute(&self, name: &'static str) -> Self {
        self.join(Step::Attribute(name))
    }

    /// This path, with one step in front: the same value, seen from the object that contains it.
    #[must_use]
    pub fn within(mut self, step: Step) -> Self {
        self.0.insert(0, step);
        self
    }

    /// The steps, from the top level.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

/// As in a configuration: `organization.name`, `tags["a"]`, `list[0]`.
impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if n == 0 => f.write_str(name)?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
