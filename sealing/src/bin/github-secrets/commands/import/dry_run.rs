//! `--dry-run`: what an import would store.

use crate::{
    console::Console, failure::Failure, input::Input, report::Subject, words::Destination,
};

pub(super) async fn print(
    input: &Input,
    destination: &Destination<'_>,
    console: &Console,
) -> Result<(), Failure> {
    for entry in &input.entries {
        let (name, bytes) = (&entry.name, entry.value.len());
        let row = if console.is_terminal() {
            let noun = if bytes == 1 { "byte" } else { "bytes" };
            format!("would set  {name} ({bytes} {noun})")
        } else {
            format!("would set\t{name}\t{bytes}")
        };
        console.line(row).await?;
    }
    let secrets = Subject::Secrets.counted(input.entries.len());
    console.note(format_args!(
        "would import {secrets} into {destination}; nothing was sent"
    ));
    Ok(())
}
