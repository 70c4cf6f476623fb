//! What a fault changes in a list.

use serde_json::Value;

/// Edits of the right list.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListEdits {
    /// The names or ids of entries that are left out.
    pub(crate) hidden: Vec<String>,
    /// The total that is reported instead of the right one.
    pub(crate) total_count: Option<u64>,
}

impl ListEdits {
    /// Returns whether an entry, as the list describes it, is left out.
    pub(crate) fn hides(&self, entry: &Value) -> bool {
        ["name", "full_name", "id"].iter().any(|field| {
            let text = match &entry[field] {
                Value::String(name) => name.clone(),
                other => other.to_string(),
            };
            self.hidden.iter().any(|it| it.eq_ignore_ascii_case(&text))
        })
    }

    /// Returns about how many bytes it takes besides its own size.
    pub(crate) fn heap_size(&self) -> usize {
        let hidden = self.hidden.iter();
        hidden.map(|entry| size_of_val(entry) + entry.len()).sum()
    }
}
