//! Counts in tests what the limiter looks at: how long that takes depends on the machine.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static LOOKS: Cell<usize> = const { Cell::new(0) };
}

/// Counts so many things that were looked at.
#[cfg_attr(not(test), expect(unused_variables, reason = "only tests count"))]
pub(super) fn count(looks: usize) {
    #[cfg(test)]
    LOOKS.set(LOOKS.get() + looks);
}

/// Returns how many things were looked at since the last time.
#[cfg(test)]
pub(super) fn take() -> usize {
    LOOKS.take()
}
