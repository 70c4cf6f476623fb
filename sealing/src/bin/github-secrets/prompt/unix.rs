//! The prompt in the terminal's own line mode.
//!
//! No crate for prompts that we know of tells a pasted key from its first line, or keeps a tab.

use std::{
    fs::File,
    io::{self, Read, Write},
};

use github_secrets::SecretValue;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr},
};
use tokio::{select, task::spawn_blocking};

use crate::{failure::Failure, interruption::Interruption};

/// A terminal drops what a line has beyond this (`MAX_CANON`), so a longer value is not whole.
const LONGEST_LINE: usize = if cfg!(target_os = "linux") {
    4095
} else {
    1024
};

/// How long the rest of what was pasted can take to arrive.
const PASTE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

pub(crate) async fn ask(label: &str, interruption: &Interruption) -> Result<SecretValue, Failure> {
    interruption.listen()?;
    let unusable = |error: io::Error| {
        Failure::Failed(format!("the terminal cannot be used for a prompt: {error}"))
    };
    let mut tty = File::options()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .map_err(unusable)?;
    let hidden = EchoOff::new(tty.try_clone().map_err(unusable)?).map_err(unusable)?;
    write!(tty, "{label}: ").map_err(unusable)?;
    let reading = spawn_blocking(move || read_line(&tty));
    let line = select! {
        line = reading => line,
        () = interruption.after(0) => {
            return Err(failed("interrupted; nothing was sent"));
        }
    };
    drop(hidden);
    let line = line.map_err(|error| unusable(io::Error::other(error)))?;
    line.map_err(unusable)?
}

/// Reads a line. What was pasted after it is thrown away, so that no shell runs it.
fn read_line(mut tty: &File) -> io::Result<Result<SecretValue, Failure>> {
    let line = SecretValue::from_reader(Line(tty)).map_err(io::Error::other)?;
    writeln!(tty)?;
    if poll(&mut [PollFd::new(tty, PollFlags::IN)], Some(&PASTE))? > 0 {
        tcflush(tty, QueueSelector::IFlush)?;
        return Ok(Err(failed(
            "more than one line was pasted; nothing was sent. Use --value-file, or standard \
             input, for a value of several lines",
        )));
    }
    if line.len() >= LONGEST_LINE {
        return Ok(Err(failed(
            "the line is longer than a terminal passes on; nothing was sent. Use \
             --value-file, or standard input",
        )));
    }
    Ok(Ok(line))
}

/// Ends with the first line break, which it leaves out.
struct Line<'a>(&'a File);

impl Read for Line<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(byte) = buffer.get_mut(..1) else {
            return Ok(0);
        };
        let read = self.0.read(byte)?;
        Ok(if *byte == *b"\n" { 0 } else { read })
    }
}

/// A terminal that does not show what is typed, until this is dropped.
struct EchoOff {
    tty: File,
    before: Termios,
}

impl EchoOff {
    fn new(tty: File) -> io::Result<Self> {
        let before = tcgetattr(&tty)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&tty, OptionalActions::Flush, &hidden)?;
        Ok(Self { tty, before })
    }
}

impl Drop for EchoOff {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.tty, OptionalActions::Now, &self.before);
    }
}

fn failed(message: &str) -> Failure {
    Failure::Failed(message.to_owned())
}
