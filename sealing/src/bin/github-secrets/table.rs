//! Results in columns: aligned on a terminal, separated by tabs in a pipe, or as JSON.

use std::io;

use serde::Serialize;

use crate::console::{Console, printable};

/// Rows of equal length, the first of them the header.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(header: &[&str]) -> Self {
        Self {
            rows: vec![header.iter().map(|column| (*column).to_owned()).collect()],
        }
    }

    pub(crate) fn row(&mut self, row: Vec<String>) {
        self.rows
            .push(row.iter().map(|cell| printable(cell)).collect());
    }

    /// Writes the table. A pipe gets no header.
    pub(crate) async fn print(&self, console: &Console) -> io::Result<()> {
        if self.rows.len() == 1 {
            return Ok(());
        }
        let text: String = if console.is_terminal() {
            let widths = self.widths();
            let rows = self.rows.iter();
            rows.map(|row| aligned(row, &widths)).collect()
        } else {
            let rows = self.rows.iter().skip(1);
            rows.map(|row| format!("{}\n", row.join("\t"))).collect()
        };
        console.write(text).await
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = Vec::new();
        for row in &self.rows {
            widths.resize(row.len().max(widths.len()), 0);
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        widths
    }
}

fn aligned(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths);
    let line: String = cells
        .map(|(cell, width)| format!("{cell:<width$}  "))
        .collect();
    format!("{}\n", line.trim_end())
}

/// Writes names and values: aligned on a terminal, separated by tabs in a pipe.
pub(crate) async fn print_fields(
    console: &Console,
    fields: &[(&str, Option<String>)],
) -> io::Result<()> {
    let widths = fields.iter().map(|(name, _)| name.len());
    let width = widths.max().unwrap_or_default();
    let is_terminal = console.is_terminal();
    let mut text = String::new();
    for (name, value) in fields {
        let Some(value) = value else { continue };
        let value = printable(value);
        text.push_str(&if is_terminal {
            format!("{name:<width$}  {value}\n")
        } else {
            format!("{name}\t{value}\n")
        });
    }
    console.write(text).await
}

/// Writes JSON: indented on a terminal, on one line in a pipe.
pub(crate) async fn print_json(console: &Console, value: &impl Serialize) -> io::Result<()> {
    let json = if console.is_terminal() {
        serde_json::to_string_pretty(value)
    } else {
        serde_json::to_string(value)
    };
    console.line(json?).await
}
