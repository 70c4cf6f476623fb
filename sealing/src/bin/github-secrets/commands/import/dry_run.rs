//! `--dry-run`: what an import would store.

use crate::{
    console::Console,
    failure::Failure,
    input::{Entry, Input},
    report::Subject,
    words::Destination,
};

pub(super) async fn print(
    input: &Input,
    destination: &Destination<'_>,
    console: &Console,
) -> Result<(), Failure> {
    let rows: String = input
        .entries
        .iter()
        .map(|entry| row(entry, console.is_terminal()))
        .collect();
    console.write(rows).await?;
    let secrets = Subject::Secrets.counted(input.entries.len());
    console.note(format_args!(
        "would import {secrets} into {destination}; nothing was sent"
    ));
    Ok(())
}

fn row(entry: &Entry, is_terminal: bool) -> String {
    let (name, bytes) = (&entry.name, entry.value.len());
    if is_terminal {
        let noun = if bytes == 1 { "byte" } else { "bytes" };
        format!("would set  {name} ({bytes} {noun})\n")
    } else {
        format!("would set\t{name}\t{bytes}\n")
    }
}
