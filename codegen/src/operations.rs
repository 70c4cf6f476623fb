//! The list of the operations that the client takes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    Error,
    json::{kind, parse},
};

/// Returns the operationIds that `text`, a JSON array of strings, lists.
///
/// # Errors
///
/// Returns an error if `text` is something else, or names an operation twice or none at all.
pub fn operations(text: &str) -> Result<Vec<String>, Error> {
    let refuse = |reason: String| Err(Error::OperationList { reason });
    let document = parse(text)?;
    let Value::Array(items) = document else {
        return refuse(format!(
            "it is {}, not an array of operationIds",
            kind(&document)
        ));
    };
    let mut seen = BTreeSet::new();
    for item in items {
        let Value::String(id) = item else {
            return refuse(format!(
                "it holds {}, where an operationId should be",
                kind(&item)
            ));
        };
        if !seen.insert(id.clone()) {
            return refuse(format!("it names `{id}` twice"));
        }
    }
    if seen.is_empty() {
        return refuse("it is empty".to_owned());
    }
    Ok(seen.into_iter().collect())
}
