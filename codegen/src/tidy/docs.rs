//! The documentation that the generator writes, without what a user of the client should not meet.

use syn::{Attribute, Expr, ExprLit, Lit, Meta, MetaNameValue};

use crate::escape::escaped;

/// How the JSON schema begins that the generator writes below the documentation of a type.
const SCHEMA: &str = "<details><summary>JSON schema</summary>";

/// Returns the lines of a documentation: without the JSON schema that comes with each type, and
/// with a full stop after the first sentence, which the generator takes away. There are none if
/// there is no documentation.
pub(crate) fn lines(attributes: &[Attribute]) -> Vec<String> {
    let texts: Vec<String> = attributes.iter().filter_map(doc).collect();
    let text = texts.join("\n");
    let mut lines: Vec<String> = Vec::new();
    // The schema comes last, and can hold whatever would seem to be its end.
    let ours = text.lines().map(str::trim_end);
    let ours = ours.take_while(|line| !line.trim_start().starts_with(SCHEMA));
    for line in ours {
        let blank = line.is_empty();
        let doubled = blank && lines.last().is_none_or(String::is_empty);
        if !doubled {
            let indent = if blank || line.starts_with(' ') {
                ""
            } else {
                " "
            };
            // A function builds what the generator's method sent.
            let line = line.replace("Sends a `", "Builds a `");
            lines.push(format!("{indent}{}", escaped(&line)));
        }
    }
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let alone = lines.get(1).is_none_or(String::is_empty);
    if let Some(first) = lines
        .first_mut()
        .filter(|first| alone && !first.ends_with('.'))
    {
        first.push('.');
    }
    lines
}

/// Returns the documentation that an attribute holds.
pub(crate) fn doc(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(MetaNameValue {
            path,
            value:
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }),
            ..
        }) if path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}
