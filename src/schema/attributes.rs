//! Values by the names of attributes.

/// Values by the names of attributes.
///
/// A sorted list: an object has few attributes, and Terraform sends them in this order, so that most of them are
/// appended.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attributes<V>(Vec<(&'static str, V)>);

impl<V> Attributes<V> {
    /// No attributes.
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// No attributes, with space for this number.
    pub fn with_capacity(attributes: usize) -> Self {
        Self(Vec::with_capacity(attributes))
    }

    /// The number of attributes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no attributes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The attribute with this name.
    pub fn get(&self, name: &str) -> Option<&V> {
        self.find(name).ok().map(|at| &self.0[at].1)
    }

    /// The attribute with this name.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.find(name).ok().map(|at| &mut self.0[at].1)
    }

    /// Whether there is an attribute with this name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// Sets an attribute. Returns its former value.
    pub fn insert(&mut self, name: &'static str, value: V) -> Option<V> {
        if self.0.last().is_none_or(|(last, _)| *last < name) {
            self.0.push((name, value));
            return None;
        }
        match self.find(name) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    /// The attribute with this name, which has the default if there is none.
    pub fn get_or_default(&mut self, name: &'static str) -> &mut V
    where
        V: Default,
    {
        let at = self.find(name).unwrap_or_else(|at| {
            self.0.insert(at, (name, V::default()));
            at
        });
        &mut self.0[at].1
    }

    /// Removes an attribute. Returns its value.
    pub fn remove(&mut self, name: &str) -> Option<V> {
        self.find(name).ok().map(|at| self.0.remove(at).1)
    }

    /// The attributes, by name.
    pub fn iter(&self) -> std::slice::Iter<'_, (&'static str, V)> {
        self.0.iter()
    }

    /// The attributes, by name.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&'static str, &mut V)> {
        self.0.iter_mut().map(|(name, value)| (*name, value))
    }

    /// The values, in the order of their names.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Where an attribute is, or where it belongs.
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| (*other).cmp(name))
    }
}

impl<V> Default for Attributes<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> FromIterator<(&'static str, V)> for Attributes<V> {
    fn from_iter<I: IntoIterator<Item = (&'static str, V)>>(attributes: I) -> Self {
        let attributes = attributes.into_iter();
        let mut sorted = Self::with_capacity(attributes.size_hint().0);
        sorted.extend(attributes);
        sorted
    }
}

impl<V> Extend<(&'static str, V)> for Attributes<V> {
    fn extend<I: IntoIterator<Item = (&'static str, V)>>(&mut self, attributes: I) {
        attributes.into_iter().for_each(|(name, value)| drop(self.insert(name, value)));
    }
}

impl<V, const N: usize> From<[(&'static str, V); N]> for Attributes<V> {
    fn from(attributes: [(&'static str, V); N]) -> Self {
        // Not from the array: there would be a copy of the loop for each number of attributes.
        Vec::from(attributes).into_iter().collect()
    }
}

impl<V> IntoIterator for Attributes<V> {
    type Item = (&'static str, V);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a Attributes<V> {
    type Item = &'a (&'static str, V);
    type IntoIter = std::slice::Iter<'a, (&'static str, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_in_the_order_of_their_names() {
        let mut attributes = Attributes::from([("b", 1), ("a", 2), ("b", 3)]);
        assert!(attributes.insert("c", 4).is_none());
        assert_eq!(attributes.iter().collect::<Vec<_>>(), [&("a", 2), &("b", 3), &("c", 4)]);
        assert_eq!(attributes.get("b"), Some(&3));
        assert_eq!(attributes.remove("a"), Some(2));
        assert!(attributes.get("a").is_none() && !attributes.contains_key("a"));
        *attributes.get_or_default("b") += 1;
        assert_eq!(attributes.get_or_default("d"), &mut 0);
        attributes.iter_mut().for_each(|(_, value)| *value *= 2);
        assert_eq!(attributes.iter().collect::<Vec<_>>(), [&("b", 8), &("c", 8), &("d", 0)]);
    }
}
