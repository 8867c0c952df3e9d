//! Where in a configuration something is.

/// One step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into an attribute or block.
    Attribute(&'static str),
    /// Into an element of a map.
    Key(String),
    /// Into an element of a list.
    Index(usize),
}

/// The way from a block's top to a value in it; empty for the block itself.
///
/// Elements of sets have no path of their own in Terraform's protocol: a path ends at the set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(Vec<Step>);

impl Path {
    /// The path of an attribute or block at the top.
    pub fn of(name: &'static str) -> Self {
        Self(vec![Step::Attribute(name)])
    }

    /// This path and one step more.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// This path and the name of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &'static str) -> Self {
        self.join(Step::Attribute(name))
    }

    /// One step more at the top: the same place, seen from further out.
    #[must_use]
    pub fn within(mut self, step: Step) -> Self {
        self.0.insert(0, step);
        self
    }

    /// The steps from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

/// As a person writes it: `organization.name`, `tags["a"]`, `list[0]`.
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
