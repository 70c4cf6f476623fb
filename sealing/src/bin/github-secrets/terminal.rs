//! A terminal that does not show what is typed.
//!
//! It stays so from the prompt to the end of the command, since more can come than was asked for:
//! the other lines of a key that was pasted. They must not be shown, and no shell must run them.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use self::unix::{HiddenTerminal, Key};
#[cfg(windows)]
pub(crate) use self::windows::HiddenTerminal;
