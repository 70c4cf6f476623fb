//! The documentation that the generator writes, without what a user of the client should not meet.

use syn::{Attribute, Expr, ExprLit, Lit, Meta, MetaNameValue};

/// Returns the lines of a documentation: without the JSON schema that comes with each type, and
/// with a full stop after the first sentence, which the generator takes away. There are none if
/// there is no documentation.
pub(crate) fn lines(attributes: &[Attribute]) -> Vec<String> {
    let texts: Vec<String> = attributes.iter().filter_map(doc).collect();
    let text = texts.join("\n");
    let mut lines: Vec<String> = Vec::new();
    let mut in_schema = false;
    for line in text.lines().map(str::trim_end) {
        in_schema |= line.contains("<details>");
        let blank = line.is_empty();
        let doubled = blank && lines.last().is_none_or(String::is_empty);
        if !in_schema && !doubled {
            let indent = if blank || line.starts_with(' ') {
                ""
            } else {
                " "
            };
            // A function builds what the generator's method sent.
            lines.push(format!(
                "{indent}{}",
                line.replace("Sends a `", "Builds a `")
            ));
        }
        in_schema &= !line.contains("</details>");
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
