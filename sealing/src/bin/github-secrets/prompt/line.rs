//! The line that is typed or pasted at a prompt, byte by byte.

use std::mem::take;

use github_secrets::SecretValue;
use zeroize::Zeroizing;

use crate::terminal::Key;

/// What a terminal sends before and after a paste, if it was asked to.
const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// One line, as far as it has come. Where the terminal says what is a paste, all of it belongs to
/// the line, however slowly it comes.
pub(super) struct Line {
    /// It never grows, so no copy of it stays behind.
    text: Zeroizing<Vec<u8>>,
    is_pasting: bool,
    is_literal: bool,
    pub(super) is_too_long: bool,
}

impl Line {
    const ROOM: usize = SecretValue::MAX_BYTES + 1 + PASTE_ENDS.len();

    pub(super) fn new() -> Self {
        Self {
            text: Zeroizing::new(Vec::with_capacity(Self::ROOM)),
            is_pasting: false,
            is_literal: false,
            is_too_long: false,
        }
    }

    /// Takes the next byte, and returns whether it ends the line.
    pub(super) fn take(&mut self, byte: u8, key: Option<Key>) -> bool {
        let is_text = self.is_pasting || take(&mut self.is_literal);
        match key.filter(|_| !is_text) {
            Some(Key::End) => return true,
            Some(Key::Erase) => self.erase(),
            Some(Key::EraseWord) => self.erase_word(),
            Some(Key::EraseAll) => self.text.clear(),
            Some(Key::Literal) => self.is_literal = true,
            None => self.push(byte),
        }
        let mark = if self.is_pasting {
            PASTE_ENDS
        } else {
            PASTE_BEGINS
        };
        if self.text.ends_with(mark) {
            let before = self.text.len() - mark.len();
            self.text.truncate(before);
            self.is_pasting = !self.is_pasting;
            return !self.is_pasting && self.text.contains(&b'\n');
        }
        false
    }

    /// Returns the line, or `None` if there were more.
    pub(super) fn finish(mut self) -> Option<Zeroizing<Vec<u8>>> {
        self.text.pop_if(|byte| *byte == b'\n');
        (!self.text.contains(&b'\n')).then_some(self.text)
    }

    fn push(&mut self, byte: u8) {
        if self.text.len() == self.text.capacity() {
            self.is_too_long = true;
            // The end of a paste is still to be found.
            let kept = self.text.len() - PASTE_ENDS.len();
            self.text.drain(..kept);
        }
        self.text.push(byte);
    }

    /// Erases a character of UTF-8.
    fn erase(&mut self) {
        while self.text.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
    }

    fn erase_word(&mut self) {
        let is_blank = |byte: &mut u8| matches!(*byte, b' ' | b'\t');
        while self.text.pop_if(is_blank).is_some() {}
        while self.text.pop_if(|byte| !is_blank(byte)).is_some() {}
    }
}
