//! A terminal of Unix in its own line mode, without echo.

use std::{
    fs::File,
    io::{self, Read, Write},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr},
};

/// How long the rest of what was pasted can take to arrive before anything is sent. Over a slow
/// connection it comes in pieces.
const PASTE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 300_000_000,
};
const NOW: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 0,
};

/// The terminal of the program, until this is dropped.
pub(crate) struct HiddenTerminal {
    tty: File,
    label: String,
    before: Termios,
    hidden: Termios,
}

impl HiddenTerminal {
    /// Asks for a line. What was typed before is thrown away.
    pub(crate) fn ask(label: &str) -> io::Result<Self> {
        let tty = File::options().read(true).write(true).open("/dev/tty")?;
        let before = tcgetattr(&tty)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&tty, OptionalActions::Flush, &hidden)?;
        let terminal = Self {
            tty,
            label: label.to_owned(),
            before,
            hidden,
        };
        terminal.show_label()?;
        Ok(terminal)
    }

    /// Reads bytes of the line, as the terminal passes them on.
    pub(crate) fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        (&self.tty).read(buffer)
    }

    /// Ends the line of the prompt, which the terminal did not show.
    pub(crate) fn end_line(&self) -> io::Result<()> {
        (&self.tty).write_all(b"\n")
    }

    /// Returns whether more arrives within a moment than was read.
    pub(crate) fn has_more_soon(&self) -> bool {
        self.has_input(Some(&PASTE))
    }

    /// Returns whether more was typed or pasted than was read.
    pub(crate) fn has_more(&self) -> bool {
        self.has_input(Some(&NOW))
    }

    /// Waits until more is typed or pasted than was read, and returns `false` if that cannot be
    /// any more.
    pub(crate) fn wait_for_more(&self) -> bool {
        self.has_input(None)
    }

    /// Shows what is typed again. What nobody has read is thrown away, so that no shell runs it.
    pub(crate) fn restore(&self) {
        let _ = tcflush(&self.tty, QueueSelector::IFlush);
        let _ = tcsetattr(&self.tty, OptionalActions::Now, &self.before);
    }

    /// Hides what is typed, and asks again.
    pub(crate) fn hide(&self) {
        let _ = tcsetattr(&self.tty, OptionalActions::Flush, &self.hidden);
        let _ = self.show_label();
    }

    fn show_label(&self) -> io::Result<()> {
        write!(&self.tty, "{}: ", self.label)
    }

    fn has_input(&self, time: Option<&Timespec>) -> bool {
        let mut polled = [PollFd::new(&self.tty, PollFlags::IN)];
        loop {
            match poll(&mut polled, time) {
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => return false,
                Ok(_) => {
                    let [polled] = polled;
                    let found = polled.revents();
                    return found.contains(PollFlags::IN) && !found.contains(PollFlags::HUP);
                }
            }
        }
    }
}

impl Drop for HiddenTerminal {
    fn drop(&mut self) {
        self.restore();
    }
}
