//! Rows in little memory.

use std::sync::Arc;

use serde_json::{Map, Value};

/// Rows of one list. Nearly all rows of a list have the same fields, so that each set of names is stored once, and
/// parsed rows would take a multiple of the memory of their text.
#[derive(Default)]
pub(super) struct RowStore {
    /// The sets of names, each in the order of the values.
    names: Vec<Arc<[String]>>,
}

/// A stored row.
pub(super) struct Row {
    names: Arc<[String]>,
    /// The values as the elements of a JSON array.
    values: Box<str>,
}

impl RowStore {
    /// Stores the fields of a row.
    pub(super) fn store(&mut self, fields: Map<String, Value>) -> Row {
        let known = self.names.iter().find(|known| fields.keys().eq(known.iter()));
        let names = known.map_or_else(|| fields.keys().cloned().collect(), Arc::clone);
        if known.is_none() && self.names.len() < MAX_SETS {
            self.names.push(Arc::clone(&names));
        }
        let values = fields.into_iter().map(|(_, value)| value).collect();
        Row { names, values: Value::Array(values).to_string().into() }
    }
}

/// Rows with other names have a set of their own, so that the search for a set stays short.
const MAX_SETS: usize = 16;

impl Row {
    /// The row as an object. `None` never occurs: the text was written by [`RowStore::store`].
    pub(super) fn parse(&self) -> Option<Value> {
        let values: Vec<Value> = serde_json::from_str(&self.values).ok()?;
        Some(Value::Object(self.names.iter().cloned().zip(values).collect()))
    }

    /// The text of the values.
    pub(super) fn values(&self) -> &str {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_with_the_same_names_share_them() {
        let mut store = RowStore::default();
        let rows =
            [json!({"a": 1, "b": "x"}), json!({"a": [2], "b": null}), json!({"b": {}}), json!({})];
        let mut stored = Vec::new();
        for row in &rows {
            let Value::Object(fields) = row.clone() else { panic!("an object") };
            stored.push(store.store(fields));
        }
        assert_eq!(stored.iter().filter_map(Row::parse).collect::<Vec<_>>(), rows);
        assert_eq!(store.names.len(), 3);
        assert!(Arc::ptr_eq(&stored[0].names, &stored[1].names));
        assert_eq!(stored[0].values(), r#"[1,"x"]"#);
    }
}
