//! A terminal of Unix without echo.
//!
//! While a prompt reads, it passes on every byte, and marks what is pasted. In its own line mode it
//! would hold back the end of a paste that has no line break, and cut a long line. Afterwards it is
//! in that mode again, so that a key that is pressed is not taken for a line.

use std::{
    env,
    fs::File,
    io::{self, Read, Write},
    mem::take,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    termios::{
        LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr,
        tcsetattr,
    },
};

/// How long the rest of what was pasted can take to arrive before anything is sent, on a terminal
/// that does not mark a paste. Over a slow connection it comes in pieces.
const PASTE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 300_000_000,
};
const NOW: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 0,
};

/// Asks a terminal to mark what is pasted, and to stop it.
const MARK_PASTES: &str = "\x1b[?2004h";
const MARK_NO_PASTES: &str = "\x1b[?2004l";

/// The terminal of the program, until this is dropped.
pub(crate) struct HiddenTerminal {
    tty: File,
    label: String,
    /// A terminal without escape sequences would show ours.
    has_sequences: bool,
    before: Termios,
    typing: Termios,
    lines: Termios,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_hidden: bool,
    is_typing: bool,
    is_asked_again: bool,
}

/// A key that edits a line.
#[derive(Clone, Copy)]
pub(crate) enum Key {
    End,
    Erase,
    EraseWord,
    EraseAll,
    /// The next byte is no key.
    Literal,
}

impl HiddenTerminal {
    /// Opens the terminal, and leaves it as it is.
    pub(crate) fn open(label: &str) -> io::Result<Self> {
        let tty = File::options().read(true).write(true).open("/dev/tty")?;
        let before = tcgetattr(&tty)?;
        let mut lines = before.clone();
        lines.local_modes.remove(LocalModes::ECHO);
        let mut typing = lines.clone();
        typing.local_modes.remove(LocalModes::ICANON);
        typing.special_codes[SpecialCodeIndex::VMIN] = 1;
        typing.special_codes[SpecialCodeIndex::VTIME] = 0;
        Ok(Self {
            tty,
            label: label.to_owned(),
            has_sequences: env::var_os("TERM").is_some_and(|term| term != "dumb"),
            before,
            typing,
            lines,
            state: Mutex::default(),
        })
    }

    /// Asks for a line. What was typed before is thrown away.
    pub(crate) fn ask(&self) -> io::Result<()> {
        self.begin_typing(&mut self.state())
    }

    /// Reads bytes of the line, as they are typed.
    pub(crate) fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        (&self.tty).read(buffer)
    }

    /// Returns what a byte does if it is typed, and not pasted.
    pub(crate) fn key(&self, byte: u8) -> Option<Key> {
        let keys = [
            (SpecialCodeIndex::VEOF, Key::End),
            (SpecialCodeIndex::VERASE, Key::Erase),
            (SpecialCodeIndex::VWERASE, Key::EraseWord),
            (SpecialCodeIndex::VKILL, Key::EraseAll),
            (SpecialCodeIndex::VLNEXT, Key::Literal),
        ];
        match byte {
            b'\n' => Some(Key::End),
            // Keys that are switched off have these codes.
            0 | 0xff => None,
            _ => {
                let mut keys = keys.into_iter();
                let found = keys.find(|(code, _)| self.before.special_codes[*code] == byte);
                found.map(|(_, key)| key)
            }
        }
    }

    /// Returns whether the prompt was shown again, after a pause, since this was asked last.
    pub(crate) fn was_asked_again(&self) -> bool {
        take(&mut self.state().is_asked_again)
    }

    /// Ends the line of the prompt, which the terminal did not show.
    pub(crate) fn end_line(&self) -> io::Result<()> {
        (&self.tty).write_all(b"\n")
    }

    /// Returns whether more arrives within a moment than was read.
    pub(crate) fn has_more_soon(&self) -> bool {
        self.has_input(Some(&PASTE))
    }

    /// Ends what [`ask`](Self::ask) began, except that nothing typed is shown yet.
    pub(crate) fn end_typing(&self) -> io::Result<()> {
        let mut state = self.state();
        if state.is_hidden {
            self.write_if_free(MARK_NO_PASTES);
            tcsetattr(&self.tty, OptionalActions::Now, &self.lines)?;
        }
        state.is_typing = false;
        Ok(())
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
        let mut state = self.state();
        if !take(&mut state.is_hidden) {
            return;
        }
        if state.is_typing {
            self.write_if_free(MARK_NO_PASTES);
        }
        let _ = tcflush(&self.tty, QueueSelector::IFlush);
        let _ = tcsetattr(&self.tty, OptionalActions::Now, &self.before);
    }

    /// Hides what is typed, and asks again if the line is not complete.
    pub(crate) fn hide(&self) {
        let mut state = self.state();
        if state.is_typing {
            state.is_asked_again = true;
            let _ = self.begin_typing(&mut state);
        } else {
            state.is_hidden = true;
            let _ = tcsetattr(&self.tty, OptionalActions::Flush, &self.lines);
        }
    }

    fn begin_typing(&self, state: &mut State) -> io::Result<()> {
        tcsetattr(&self.tty, OptionalActions::Flush, &self.typing)?;
        state.is_hidden = true;
        state.is_typing = true;
        self.write_if_free(MARK_PASTES);
        write!(&self.tty, "{}: ", self.label)
    }

    /// Writes a sequence, unless that would have to wait: a terminal can be stopped.
    fn write_if_free(&self, sequence: &str) {
        if self.has_sequences && self.is_ready(PollFlags::OUT, Some(&NOW)) {
            let _ = (&self.tty).write_all(sequence.as_bytes());
        }
    }

    fn has_input(&self, time: Option<&Timespec>) -> bool {
        self.is_ready(PollFlags::IN, time)
    }

    fn is_ready(&self, flags: PollFlags, time: Option<&Timespec>) -> bool {
        let mut polled = [PollFd::new(&self.tty, flags)];
        loop {
            match poll(&mut polled, time) {
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => return false,
                Ok(_) => {
                    let [polled] = polled;
                    let found = polled.revents();
                    return found.contains(flags) && !found.contains(PollFlags::HUP);
                }
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for HiddenTerminal {
    fn drop(&mut self) {
        self.restore();
    }
}
