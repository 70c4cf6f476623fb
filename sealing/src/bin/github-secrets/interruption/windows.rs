//! Ctrl-C on Windows.

use std::io;

use tokio::signal::windows::{CtrlC, ctrl_c};

use super::signal::Signal;

pub(super) struct Signals(CtrlC);

impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self(ctrl_c()?))
    }

    pub(super) async fn next(&mut self) -> Signal {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
        Signal::Interrupt
    }

    pub(super) fn suspend() {}
}
