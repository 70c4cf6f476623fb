use serde_json::Value;

/// The name of a schema that is made of itself, if there is one: a reference back through
/// properties or items is a type that contains itself, but one through references and compositions
/// alone is no type at all.
pub(crate) fn made_of_itself(document: &Value) -> Option<&str> {
    let schemas = document["components"]["schemas"].as_object()?;
    let reaches = |name: &str| {
        let mut seen: Vec<&str> = Vec::new();
        let mut next = parts(schemas.get(name));
        while let Some(part) = next.pop() {
            if part == name {
                return true;
            }
            if !seen.contains(&part) {
                seen.push(part);
                next.extend(parts(schemas.get(part)));
            }
        }
        false
    };
    schemas
        .keys()
        .map(String::as_str)
        .find(|name| reaches(name))
}

/// The names of the schemas that a schema is made of.
fn parts(schema: Option<&Value>) -> Vec<&str> {
    let Some(schema) = schema else {
        return Vec::new();
    };
    let reference = schema["$ref"].as_str();
    let own = reference.and_then(|reference| reference.strip_prefix("#/components/schemas/"));
    let composed = ["allOf", "oneOf", "anyOf"].into_iter();
    let composed = composed
        .filter_map(|keyword| schema[keyword].as_array())
        .flatten();
    own.into_iter()
        .chain(composed.flat_map(|part| parts(Some(part))))
        .collect()
}
