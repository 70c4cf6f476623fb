//! Which paths an operation can have: whatever an argument is, a request stays below the API's
//! address, and what is addressed is what the description names.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{Description, Error, description::Route, escape::code, slice::resolve};

/// Returns an error for each operation whose path is not made of plain segments and of parameters
/// that it describes.
pub(super) fn check(description: &Description) -> Result<(), Vec<Error>> {
    let mut problems = Vec::new();
    for (id, route) in description.operations() {
        if let Some(reason) = fault(description.value(), &route) {
            problems.push(Error::Path {
                operation: id.to_owned(),
                path: route.path.to_owned(),
                reason,
            });
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn fault(document: &Value, route: &Route<'_>) -> Option<String> {
    let Some(path) = route.path.strip_prefix('/') else {
        return Some("does not begin with a slash".to_owned());
    };
    let mut named = BTreeSet::new();
    for segment in path.split('/').filter(|_| !path.is_empty()) {
        let name = segment
            .strip_prefix('{')
            .and_then(|it| it.strip_suffix('}'));
        match name {
            Some(name) if name.is_empty() || !name.bytes().all(is_of_name) => {
                return Some(format!("has {} for the name of a parameter", code(name)));
            }
            Some(name) if !named.insert(name) => {
                return Some(format!("has the parameter {} twice", code(name)));
            }
            Some(_) => {}
            None if !is_plain(segment) => {
                return Some(format!(
                    "has the segment {}, which is neither plain nor a parameter",
                    code(segment)
                ));
            }
            None => {}
        }
    }
    let described = described(document, route);
    let surplus = described.difference(&named).next();
    let missing = named.difference(&described).next();
    match (surplus, missing) {
        (Some(name), _) => Some(format!("does not hold the parameter {}", code(name))),
        (_, Some(name)) => Some(format!(
            "has the parameter {}, which is not described",
            code(name)
        )),
        (None, None) => None,
    }
}

/// Returns the names of the parameters that are described as parts of the path.
fn described<'a>(document: &'a Value, route: &Route<'a>) -> BTreeSet<&'a str> {
    let of_item = route.item.get("parameters").and_then(Value::as_array);
    let own = route.operation["parameters"].as_array();
    let all = of_item.into_iter().chain(own).flatten();
    all.map(|parameter| resolve(document, parameter).1)
        .filter(|parameter| parameter["in"] == "path")
        .filter_map(|parameter| parameter["name"].as_str())
        .collect()
}

/// Returns whether a segment means itself in every URL: RFC 3986's unreserved characters, but no
/// dots alone, which lead elsewhere.
fn is_plain(segment: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !matches!(segment, "" | "." | "..") && segment.bytes().all(unreserved)
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_".contains(&byte)
}
