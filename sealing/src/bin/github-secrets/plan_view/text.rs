//! A plan as text.

use super::View;
use crate::console::printable;

/// Returns the plan as lines of text.
pub(crate) fn text(view: &View<'_>) -> String {
    let subjects = view.lines.iter().map(|line| line.subject.chars().count());
    let width = subjects.max().unwrap_or_default();
    let mut text = String::new();
    for line in &view.lines {
        let places = line.places();
        let colon = if places.is_empty() || line.remark.is_empty() {
            ""
        } else {
            "; "
        };
        let (sign, action) = (line.sign, line.action);
        let row = format!(
            "{sign} {:<width$}  {action:<11}  {places}{colon}{}",
            line.subject, line.remark
        );
        text.push_str(printable(&row).trim_end());
        text.push('\n');
    }
    if !view.lines.is_empty() {
        text.push('\n');
    }
    for line in &view.summary {
        text.push_str(&printable(line));
        text.push('\n');
    }
    text
}
