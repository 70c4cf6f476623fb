//! One JSON object of names and values that are strings.

mod reader;

use self::reader::Syntax;
pub(crate) use self::reader::{OBJECT, Reader};
use super::entry::{Fault, Member, Problem};

pub(super) fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Hands on the members of the object.
///
/// # Errors
///
/// Returns what is wrong with a text that is no object. What was handed on counts for nothing then.
pub(crate) fn parse(text: &str, take: &mut dyn FnMut(Result<Member, Fault>)) -> Result<(), Fault> {
    let mut reader = Reader::new(text);
    reader.skip_blanks();
    let kind = reader.kind();
    if kind != OBJECT {
        let message =
            format!("this is {kind}; it has to be a JSON object such as {{\"NAME\": \"value\"}}");
        return Err(Fault::new(reader.line, message));
    }
    object(&mut reader, take).map_err(|message| {
        let column = reader.column();
        let message = format!("the JSON is not valid at column {column}: {message}");
        Fault::new(reader.line, message)
    })
}

/// Reads the object and everything after it.
fn object(
    reader: &mut Reader<'_>,
    take: &mut dyn FnMut(Result<Member, Fault>),
) -> Result<(), Syntax> {
    if !reader.is_empty(b'}') {
        loop {
            member(reader, take)?;
            if reader.is_last_of(b'}')? {
                break;
            }
            reader.skip_blanks();
        }
    }
    reader.end()
}

fn member(
    reader: &mut Reader<'_>,
    take: &mut dyn FnMut(Result<Member, Fault>),
) -> Result<(), Syntax> {
    let name = reader.name()?;
    let line = reader.line;
    let value = if reader.peek() == Some(b'"') {
        let value = reader.string()?.map(Into::into);
        value.ok_or(Problem::Has(
            "has an escape that is not a valid Unicode character",
        ))
    } else {
        let kind = reader.kind();
        reader.skip_value()?;
        Err(Problem::Is(kind))
    };
    take(match name {
        Some(name) => Ok(Member { line, name, value }),
        None => Err(Fault::new(
            line,
            "the name has an escape that is not a valid Unicode character",
        )),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Problem, parse};

    /// Returns what the parser reads: the members, if the text is whole.
    fn read(text: &str) -> Option<BTreeMap<String, Option<String>>> {
        let (mut members, mut whole) = (BTreeMap::new(), true);
        let parsed = parse(text, &mut |member| {
            let Ok(member) = member else {
                whole = false;
                return;
            };
            let value = match member.value {
                Ok(value) => Some(String::from_utf8(value.expose().to_vec()).unwrap()),
                Err(Problem::Is(_)) => None,
                Err(_) => {
                    whole = false;
                    return;
                }
            };
            members.insert(String::clone(&member.name), value);
        });
        (parsed.is_ok() && whole).then_some(members)
    }

    /// Returns what a general parser reads.
    fn read_by_serde(text: &str) -> Option<BTreeMap<String, Option<String>>> {
        let members: BTreeMap<String, serde_json::Value> = serde_json::from_str(text).ok()?;
        let member =
            |(name, value): (String, serde_json::Value)| (name, value.as_str().map(str::to_owned));
        Some(members.into_iter().map(member).collect())
    }

    #[test]
    fn every_text_is_read_as_a_general_parser_reads_it() {
        const PIECES: [&str; 34] = [
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\"A\"",
            "\"B\"",
            "\"\"",
            "\"A\":\"v\"",
            ",\"B\":",
            " ",
            "\n",
            "\t",
            "\r",
            "\\",
            "\\n",
            "\\u00fc",
            "\\ud83d\\ude00",
            "\\ud800",
            "\\u12",
            "\\/",
            "é",
            "true",
            "null",
            "0",
            "-1.5e-3",
            "01",
            "1.",
            "-",
            "\u{7f}",
            "\u{1}",
            "x",
        ];
        // A generator of numbers that is the same on every run.
        let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut next = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as usize % below
        };
        let (mut taken, mut refused) = (0, 0);
        for _ in 0..200_000 {
            let begin = ["{", "{\"A\":", "{\"A\":\"v\",\"B\":[", "{\"A\":\"", " {\n"][next(5)];
            let end = ["}", "\"}", "]}", "", "}\n"][next(5)];
            let middle: String = (0..next(7)).map(|_| PIECES[next(PIECES.len())]).collect();
            let text = format!("{begin}{middle}{end}");
            let theirs = read_by_serde(&text);
            assert_eq!(read(&text), theirs, "{text:?}");
            taken += usize::from(theirs.is_some());
            refused += usize::from(theirs.is_none());
        }
        assert!(taken > 5_000 && refused > 5_000, "{taken} {refused}");
    }

    #[test]
    fn a_value_that_is_nested_deeply_costs_nothing() {
        let deep = format!("{{\"A\": {}", "[".repeat(1_000_000));
        assert_eq!(read(&deep), None);
    }
}
