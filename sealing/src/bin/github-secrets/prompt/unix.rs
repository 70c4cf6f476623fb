//! The prompt in the terminal's own line mode.
//!
//! No crate for prompts that we know of tells a pasted key from its first line, or keeps a tab.

use std::{io, sync::Arc};

use github_secrets::SecretValue;
use tokio::{select, task::spawn_blocking};
use zeroize::Zeroizing;

use crate::{console::Console, failure::Failure, terminal::HiddenTerminal};

/// A terminal drops what a line has beyond this (`MAX_CANON`), so a longer value is not whole.
const LONGEST_LINE: usize = if cfg!(target_os = "linux") {
    4095
} else {
    1024
};

pub(crate) async fn ask(label: &str, console: &Console) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let interruption = &console.interruption;
    interruption.listen()?;
    let unusable = |error: io::Error| {
        Failure::Failed(format!("the terminal cannot be used for a prompt: {error}"))
    };
    let terminal = Arc::new(HiddenTerminal::ask(label).map_err(unusable)?);
    interruption.hold(Arc::clone(&terminal));
    let reading = spawn_blocking(move || read_line(&terminal));
    select! {
        biased;
        () = interruption.after(0) => {
            interruption.release();
            Err(Failure::Failed("interrupted; nothing was sent".to_owned()))
        }
        line = reading => {
            let line = line.map_err(|error| unusable(io::Error::other(error)))?;
            line.map_err(unusable)?
        }
    }
}

/// Reads a line, and makes sure that it is alone and whole.
fn read_line(terminal: &HiddenTerminal) -> io::Result<Result<Zeroizing<Vec<u8>>, Failure>> {
    let failed = |message: &str| Ok(Err(Failure::Failed(message.to_owned())));
    // One byte more than the longest line, so that it never grows.
    let mut line = Zeroizing::new(Vec::with_capacity(SecretValue::MAX_BYTES));
    let mut byte = Zeroizing::new([0]);
    while terminal.read(&mut *byte)? > 0 && *byte != *b"\n" && line.len() < line.capacity() {
        line.push(byte[0]);
    }
    terminal.end_line()?;
    if terminal.has_more_soon() {
        return failed(
            "more than one line was pasted; nothing was sent. Use --value-file, or standard \
             input, for a value of several lines",
        );
    }
    if line.len() >= LONGEST_LINE {
        return failed(
            "the line is longer than a terminal passes on; nothing was sent. Use --value-file, or \
             standard input",
        );
    }
    Ok(Ok(line))
}
