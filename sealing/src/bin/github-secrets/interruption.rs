//! Ctrl-C, and the requests to end: the one place that watches for them.

mod signal;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::{
    io,
    mem::take,
    process::exit,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
    time::Duration,
};

use tokio::{runtime, sync::watch, time::sleep};

use self::signal::Signal;
#[cfg(unix)]
use self::unix::Signals;
#[cfg(windows)]
use self::windows::Signals;
use crate::{
    failure::{Exit, Failure},
    terminal::HiddenTerminal,
};

/// Who presses Ctrl-C so often wants the program to end, whatever it is doing.
const ENDS_THE_PROGRAM: usize = 3;

/// Who presses it twice wants the program to end at once. It still says what it did, unless that is
/// not read.
const ENDS_SOON: usize = 2;
const SOON: Duration = Duration::from_secs(2);

/// Interruptions of the program, counted. Clones count the same ones.
#[derive(Clone, Default)]
pub(crate) struct Interruption(Arc<Shared>);

#[derive(Default)]
struct Shared {
    count: OnceLock<watch::Receiver<usize>>,
    /// A terminal without echo, which must not stay so.
    terminal: Mutex<Option<Arc<HiddenTerminal>>>,
}

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
        if self.0.count.get().is_some() {
            return Ok(());
        }
        let count = count(Arc::clone(&self.0))
            .map_err(|error| Failure::Failed(format!("Ctrl-C cannot be listened for: {error}")))?;
        let _ = self.0.count.set(count);
        Ok(())
    }

    /// Returns how many interruptions there were.
    pub(crate) fn count(&self) -> usize {
        self.0.count.get().map_or(0, |count| *count.borrow())
    }

    /// Waits until there were more interruptions than this.
    pub(crate) async fn after(&self, seen: usize) {
        if let Some(count) = self.0.count.get() {
            let mut count = count.clone();
            if count.wait_for(|count| *count > seen).await.is_ok() {
                return;
            }
        }
        std::future::pending().await
    }

    /// Keeps a terminal without echo until [`release`](Self::release).
    pub(crate) fn hold(&self, terminal: Arc<HiddenTerminal>) {
        *self.0.terminal() = Some(terminal);
    }

    /// Returns the terminal that is kept without echo.
    pub(crate) fn terminal(&self) -> Option<Arc<HiddenTerminal>> {
        self.0.terminal().clone()
    }

    /// Gives the terminal its echo back.
    pub(crate) fn release(&self) {
        self.0.release();
    }
}

impl Shared {
    fn terminal(&self) -> MutexGuard<'_, Option<Arc<HiddenTerminal>>> {
        self.terminal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn release(&self) {
        if let Some(terminal) = self.terminal().take() {
            terminal.restore();
        }
    }

    fn end(&self) {
        self.release();
        exit(Exit::Partly as i32);
    }
}

/// Counts on a thread of its own, which goes on while another one cannot write.
fn count(shared: Arc<Shared>) -> io::Result<watch::Receiver<usize>> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut signals = {
        let _entered = runtime.enter();
        Signals::new()?
    };
    let (count, received) = watch::channel(0);
    let watch = async move {
        let mut suspended = false;
        loop {
            match signals.next().await {
                Signal::Interrupt => {
                    count.send_modify(|count| *count += 1);
                    if *count.borrow() == ENDS_SOON {
                        let shared = Arc::clone(&shared);
                        tokio::spawn(async move {
                            sleep(SOON).await;
                            shared.end();
                        });
                    }
                }
                Signal::Suspend => {
                    // The shell gets a terminal that echoes.
                    if let Some(terminal) = &*shared.terminal() {
                        terminal.restore();
                    }
                    suspended = true;
                    Signals::suspend();
                }
                Signal::Continue if take(&mut suspended) => {
                    if let Some(terminal) = &*shared.terminal() {
                        terminal.hide();
                    }
                }
                Signal::Continue => {}
            }
            if *count.borrow() >= ENDS_THE_PROGRAM {
                shared.end();
            }
        }
    };
    thread::Builder::new().spawn(move || runtime.block_on(watch))?;
    Ok(received)
}
