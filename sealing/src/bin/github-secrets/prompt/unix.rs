//! The prompt on a terminal of Unix.
//!
//! No crate for prompts that we know of tells a pasted key from its first line, or keeps a tab.

use std::{io, sync::Arc};

use github_secrets::{SecretValue, ValueError};
use tokio::{select, task::spawn_blocking};
use zeroize::Zeroizing;

use super::line::Line;
use crate::{console::Console, failure::Failure, terminal::HiddenTerminal};

pub(crate) async fn ask(label: &str, console: &Console) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let interruption = &console.interruption;
    interruption.listen()?;
    let unusable = |error: io::Error| {
        Failure::Failed(format!("the terminal cannot be used for a prompt: {error}"))
    };
    let terminal = Arc::new(HiddenTerminal::open(label).map_err(unusable)?);
    // Held before it asks: a signal can come as soon as the prompt is there.
    interruption.hold(Arc::clone(&terminal));
    terminal.ask().map_err(unusable)?;
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
    let failed = |message: String| Ok(Err(Failure::Failed(message)));
    let mut line = Line::new();
    let mut byte = Zeroizing::new([0]);
    loop {
        // What was typed so far is not a value that somebody finished.
        if terminal.read(&mut *byte)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if terminal.was_asked_again() {
            line = Line::new();
        }
        let [byte] = *byte;
        if line.take(byte, terminal.key(byte)) {
            break;
        }
    }
    terminal.end_line()?;
    let has_more = terminal.has_more_soon();
    terminal.end_typing()?;
    if line.is_too_long {
        let maximum = SecretValue::MAX_BYTES;
        let bytes = maximum + 1;
        return failed(ValueError::TooLarge { bytes, maximum }.to_string());
    }
    match line.finish() {
        Some(line) if !has_more => Ok(Ok(line)),
        _ => failed(
            "more than one line was pasted; nothing was sent. Use --value-file, or standard \
             input, for a value of several lines"
                .to_owned(),
        ),
    }
}
