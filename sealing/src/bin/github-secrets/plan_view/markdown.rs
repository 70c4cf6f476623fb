//! A plan as Markdown, for the summary of a workflow.

use std::{fs::OpenOptions, io::Write, path::Path};

use super::View;
use crate::{console::printable, failure::Failure};

/// GitHub takes a summary of 1 MiB.
const MOST_BYTES: usize = 900 * 1024;

/// Appends the plan to a file of Markdown.
///
/// # Errors
///
/// Returns [`Failure::Failed`] if the file cannot be written.
pub(crate) fn append_markdown(path: Option<&Path>, view: &View<'_>) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let mut options = OpenOptions::new();
    let file = options.create(true).append(true).open(path);
    let written = file.and_then(|mut file| file.write_all(markdown(view).as_bytes()));
    written.map_err(|error| {
        Failure::Failed(format!(
            "the file given with --markdown cannot be written: {error}; nothing was changed"
        ))
    })
}

/// Returns the plan as a table.
fn markdown(view: &View<'_>) -> String {
    let mut text = String::from("### Secrets\n\n");
    if !view.lines.is_empty() {
        text.push_str("| | secret or place | action | places | |\n|---|---|---|---|---|\n");
    }
    let mut left = view.lines.len();
    for line in &view.lines {
        let cells = [
            line.subject.as_str(),
            line.action,
            &line.places(),
            &line.remark,
        ];
        let cells = cells.map(escaped).join(" | ");
        let row = format!("| `{}` | {cells} |\n", line.sign);
        if text.len() + row.len() > MOST_BYTES {
            let more = if left == 1 {
                "1 more line does".to_owned()
            } else {
                format!("{left} more lines do")
            };
            text.push_str(&format!("\n{more} not fit here.\n"));
            break;
        }
        text.push_str(&row);
        left -= 1;
    }
    text.push('\n');
    for line in &view.summary {
        text.push_str(&escaped(line));
        text.push_str("  \n");
    }
    text.push('\n');
    text
}

/// Returns a text of which nothing acts as Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in printable(text).chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '&' | '~' | '#' | '@'
        ) {
            escaped.push_str(&format!("&#{};", u32::from(c)));
        } else {
            escaped.push(c);
        }
    }
    escaped
}
