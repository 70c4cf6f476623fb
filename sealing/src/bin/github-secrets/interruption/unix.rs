//! The signals of Unix.

use std::{fs, future::poll_fn, io, ops::Range, task::Poll};

use rustix::process::{self, Signal as Number};
use tokio::signal::unix::{Signal as Received, SignalKind, signal};

use super::signal::Signal;

/// The signals that end a program unless it handles them. SIGPIPE is left out, which Rust ignores,
/// and so are those of a fault in the program itself, which cannot go on afterwards.
const ENDING: &[Number] = &[
    Number::HUP,
    Number::INT,
    Number::QUIT,
    Number::ABORT,
    Number::USR1,
    Number::USR2,
    Number::ALARM,
    Number::TERM,
    Number::XCPU,
    Number::XFSZ,
    Number::VTALARM,
    Number::PROF,
    Number::SYS,
    // Other systems ignore it unless a program handles it.
    #[cfg(target_os = "linux")]
    Number::IO,
    #[cfg(target_os = "linux")]
    Number::POWER,
    #[cfg(all(
        target_os = "linux",
        any(target_arch = "x86_64", target_arch = "aarch64")
    ))]
    Number::STKFLT,
];

/// The real-time signals end a program too. A C library can keep the first ones for itself.
const REAL_TIME: Range<i32> = if cfg!(target_os = "linux") {
    34..65
} else {
    0..0
};

/// The signals that the program acts on. Its parent process may have set it to ignore some, as
/// `nohup` does: those stay ignored.
pub(super) struct Signals(Vec<(Received, Signal)>);

impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        let ignored = ignored();
        let unless_ignored = |number: i32| {
            let is_ignored = ignored & (1 << (number - 1)) != 0;
            (!is_ignored).then(|| signal(SignalKind::from_raw(number)))
        };
        let ending = ENDING.iter().map(|number| (*number, Signal::Interrupt));
        let pausing = [
            (Number::TSTP, Signal::Suspend),
            (Number::CONT, Signal::Continue),
        ];
        let mut signals = Vec::new();
        for (number, meaning) in ending.chain(pausing) {
            if let Some(received) = unless_ignored(number.as_raw()) {
                signals.push((received?, meaning));
            }
        }
        let real_time = REAL_TIME.filter_map(unless_ignored).flatten();
        signals.extend(real_time.map(|received| (received, Signal::Interrupt)));
        Ok(Self(signals))
    }

    pub(super) async fn next(&mut self) -> Signal {
        poll_fn(|context| {
            for (received, meaning) in &mut self.0 {
                if let Poll::Ready(Some(())) = received.poll_recv(context) {
                    return Poll::Ready(*meaning);
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Stops the program until it is continued. Other threads can run on for a moment.
    pub(super) fn suspend() {
        let _ = process::kill_process(process::getpid(), Number::STOP);
    }
}

/// Returns the signals that are ignored, a bit for each. Only Linux says it without `unsafe`.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status
        .lines()
        .filter_map(|line| line.strip_prefix("SigIgn:"));
    let mask = lines.next().unwrap_or_default();
    u64::from_str_radix(mask.trim(), 16).unwrap_or_default()
}
