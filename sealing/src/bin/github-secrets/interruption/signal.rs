//! What a signal asks for, on every system.

#[derive(Clone, Copy)]
pub(super) enum Signal {
    /// To stop, and then to end.
    Interrupt,
    /// To pause until the program is continued.
    Suspend,
    /// To go on after a pause.
    Continue,
}
