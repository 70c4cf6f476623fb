//! The signals of Unix.

use std::{fs, io};

use rustix::process::{self, Signal as Number};
use tokio::{
    select,
    signal::unix::{Signal as Received, SignalKind, signal},
};

use super::signal::Signal;

/// The signals that the program acts on. Its parent process may have set it to ignore some, as
/// `nohup` does: those stay ignored.
pub(super) struct Signals {
    interrupt: Option<Received>,
    terminate: Option<Received>,
    hang_up: Option<Received>,
    quit: Option<Received>,
    suspend: Option<Received>,
    go_on: Option<Received>,
}

impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        let ignored = ignored();
        let unless_ignored = |kind: SignalKind| {
            let bit = 1u64 << (kind.as_raw_value() - 1);
            (ignored & bit == 0).then(|| signal(kind)).transpose()
        };
        Ok(Self {
            interrupt: unless_ignored(SignalKind::interrupt())?,
            terminate: unless_ignored(SignalKind::terminate())?,
            hang_up: unless_ignored(SignalKind::hangup())?,
            quit: unless_ignored(SignalKind::quit())?,
            suspend: unless_ignored(SignalKind::from_raw(Number::TSTP.as_raw()))?,
            go_on: unless_ignored(SignalKind::from_raw(Number::CONT.as_raw()))?,
        })
    }

    pub(super) async fn next(&mut self) -> Signal {
        select! {
            () = received(&mut self.interrupt) => Signal::Interrupt,
            () = received(&mut self.terminate) => Signal::Interrupt,
            () = received(&mut self.hang_up) => Signal::Interrupt,
            () = received(&mut self.quit) => Signal::Interrupt,
            () = received(&mut self.suspend) => Signal::Suspend,
            () = received(&mut self.go_on) => Signal::Continue,
        }
    }

    /// Stops the program until it is continued. Other threads can run on for a moment.
    pub(super) fn suspend() {
        let _ = process::kill_process(process::getpid(), Number::STOP);
    }
}

async fn received(signal: &mut Option<Received>) {
    if let Some(signal) = signal
        && signal.recv().await.is_some()
    {
        return;
    }
    std::future::pending().await
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
