//! Ctrl-C, and the request to terminate: the one place that watches for them.

use std::{
    io,
    process::exit,
    sync::{Arc, OnceLock},
    thread,
};

use tokio::{runtime, sync::watch};

use crate::failure::{Exit, Failure};

/// Who presses Ctrl-C so often wants the program to end, whatever it is doing.
const ENDS_THE_PROGRAM: usize = 3;

/// Interruptions of the program, counted. Clones count the same ones.
#[derive(Clone, Default)]
pub(crate) struct Interruption(Arc<OnceLock<watch::Receiver<usize>>>);

impl Interruption {
    /// Begins to count. Until then, an interruption ends the program at once.
    ///
    /// Call it after standard input is read: the same Ctrl-C ends the program that writes to it,
    /// and the part of a value that came by then must not be stored.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Failed`] if the system does not pass signals on.
    pub(crate) fn listen(&self) -> Result<(), Failure> {
        if self.0.get().is_some() {
            return Ok(());
        }
        let counter = count()
            .map_err(|error| Failure::Failed(format!("Ctrl-C cannot be listened for: {error}")))?;
        let _ = self.0.set(counter);
        Ok(())
    }

    /// Returns how many interruptions there were.
    pub(crate) fn count(&self) -> usize {
        self.0.get().map_or(0, |counter| *counter.borrow())
    }

    /// Waits until there were more interruptions than this.
    pub(crate) async fn after(&self, seen: usize) {
        if let Some(counter) = self.0.get() {
            let mut counter = counter.clone();
            if counter.wait_for(|count| *count > seen).await.is_ok() {
                return;
            }
        }
        std::future::pending().await
    }
}

/// Counts on a thread of its own, which goes on while another one cannot write.
fn count() -> io::Result<watch::Receiver<usize>> {
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    let mut signals = {
        let _entered = runtime.enter();
        Signals::new()?
    };
    let (counter, received) = watch::channel(0);
    thread::Builder::new().spawn(move || {
        runtime.block_on(async {
            loop {
                signals.next().await;
                counter.send_modify(|count| *count += 1);
                if *counter.borrow() >= ENDS_THE_PROGRAM {
                    exit(Exit::Partly as i32);
                }
            }
        });
    })?;
    Ok(received)
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self(tokio::signal::windows::ctrl_c()?))
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
