//! What a target may be: JSONPath can name nodes again and again, and take more time than there
//! is, both to read and to look for.

use std::collections::BTreeSet;

use serde_json_path::JsonPath;

const MOST_BYTES: usize = 1_000;

/// Brackets and parentheses in each other take twice the time for each level.
const MOST_NESTED: usize = 6;

/// Each descent looks at everything below everything that is there.
const MOST_DESCENTS: usize = 2;

/// Reads a JSONPath, and counts how often it descends to everything below.
///
/// The error says why it is none, or why it could take too long.
pub(super) fn target(text: &str) -> Result<(JsonPath, usize), String> {
    if text.len() > MOST_BYTES {
        return Err(format!("its target has more than {MOST_BYTES} bytes"));
    }
    let outline = Outline::of(text);
    if outline.nested > MOST_NESTED {
        return Err(format!(
            "its target has more than {MOST_NESTED} brackets and parentheses in each other"
        ));
    }
    let path =
        JsonPath::parse(text).map_err(|error| format!("its target is no JSONPath: {error}"))?;
    if outline.descents > MOST_DESCENTS {
        return Err(format!(
            "its target has more than {MOST_DESCENTS} times `..`"
        ));
    }
    if outline.roots > 1 {
        return Err("its target begins at `$` once more in a filter".to_owned());
    }
    if outline.calls {
        return Err("its target calls a function".to_owned());
    }
    if outline.selects_twice {
        return Err(
            "its target has a bracket with several selectors that are not different names"
                .to_owned(),
        );
    }
    Ok((path, outline.descents))
}

/// What is outside of the quotes of a JSONPath.
#[derive(Default)]
struct Outline {
    nested: usize,
    descents: usize,
    roots: usize,
    calls: bool,
    selects_twice: bool,
}

impl Outline {
    fn of(text: &str) -> Self {
        let mut outline = Self::default();
        let mut open: Vec<Bracket<'_>> = Vec::new();
        let mut before = ' ';
        let mut chars = text.char_indices();
        while let Some((index, char)) = chars.next() {
            match char {
                '\'' | '"' => {
                    let end = end_of_string(&mut chars, char).unwrap_or(text.len());
                    if let Some(bracket) = open.last_mut() {
                        bracket.name(&text[index + 1..end]);
                    }
                }
                '[' | '(' => {
                    outline.calls |= char == '(' && (before.is_alphanumeric() || before == '_');
                    open.push(Bracket::default());
                    outline.nested = outline.nested.max(open.len());
                }
                ']' | ')' => {
                    let bracket = open.pop().unwrap_or_default();
                    outline.selects_twice |= char == ']' && bracket.selects_twice();
                }
                ',' => open.iter_mut().rev().take(1).for_each(|it| it.commas += 1),
                '$' => outline.roots += 1,
                '.' if before == '.' => outline.descents += 1,
                _ => {}
            }
            before = char;
        }
        outline
    }
}

/// The text between two brackets.
#[derive(Default)]
struct Bracket<'a> {
    commas: usize,
    names: usize,
    different: BTreeSet<&'a str>,
}

impl<'a> Bracket<'a> {
    fn name(&mut self, name: &'a str) {
        self.names += 1;
        self.different.insert(name);
    }

    fn selects_twice(&self) -> bool {
        self.commas > 0 && self.different.len() != self.commas + 1
    }
}

/// Goes on to the end of a string and returns where it is.
fn end_of_string(chars: &mut std::str::CharIndices<'_>, quote: char) -> Option<usize> {
    while let Some((index, char)) = chars.next() {
        if char == '\\' {
            chars.next();
        } else if char == quote {
            return Some(index);
        }
    }
    None
}
