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
///
/// A validation or a plan has a path for each attribute, and needs few of them. So the path of an attribute at the top
/// level, as most are, takes no allocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// The first step, if it is an attribute.
    top: Option<&'static str>,
    rest: Vec<Step>,
}

impl Path {
    /// The path of an attribute or a block at the top level.
    pub fn of(name: &'static str) -> Self {
        Self { top: Some(name), rest: Vec::new() }
    }

    /// This path, extended by one step.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        match step {
            Step::Attribute(name) if self.is_empty() => Self::of(name),
            step => {
                let rest = self.rest.iter().cloned().chain([step]).collect();
                Self { top: self.top, rest }
            }
        }
    }

    /// This path, extended by an attribute.
    #[must_use]
    pub fn attribute(&self, name: &'static str) -> Self {
        self.join(Step::Attribute(name))
    }

    /// This path, with one step in front: the same value, seen from the object that contains it.
    #[must_use]
    pub fn within(mut self, step: Step) -> Self {
        if let Some(name) = self.top.take() {
            self.rest.insert(0, Step::Attribute(name));
        }
        match step {
            Step::Attribute(name) => self.top = Some(name),
            step => self.rest.insert(0, step),
        }
        self
    }

    /// Whether the path is that of the block itself.
    pub fn is_empty(&self) -> bool {
        self.top.is_none() && self.rest.is_empty()
    }

    /// Whether the value is in a nested block, or in a collection.
    pub fn is_nested(&self) -> bool {
        self.top.is_some() && !self.rest.is_empty()
    }

    /// The steps, from the top level.
    pub fn steps(&self) -> impl Iterator<Item = Step> {
        self.top.map(Step::Attribute).into_iter().chain(self.rest.iter().cloned())
    }
}

/// As in a configuration: `organization.name`, `tags["a"]`, `list[0]`.
impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, step) in self.steps().enumerate() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_same_from_either_end() {
        let steps =
            || [Step::Attribute("a"), Step::Attribute("b"), Step::Index(1), Step::Key("c".into())];
        let joined = steps().into_iter().fold(Path::default(), |path, step| path.join(step));
        let within = steps().into_iter().rev().fold(Path::default(), Path::within);
        assert_eq!(joined, within);
        assert_eq!(joined.steps().collect::<Vec<_>>(), steps());
        assert_eq!(joined.to_string(), r#"a.b[1]["c"]"#);
        assert!(joined.is_nested() && !Path::of("a").is_nested() && Path::default().is_empty());
        assert_eq!(Path::of("a"), Path::default().within(Step::Attribute("a")));
    }
}
