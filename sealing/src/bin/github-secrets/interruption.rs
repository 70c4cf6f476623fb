//! Ctrl-C, and the request to terminate.

use std::{io, pin::pin};

use github_secrets::Error;
use tokio::select;

use crate::{console::Console, failure::Failure};

/// Interruptions of the program. From the first one of these on, none ends it at once.
pub(crate) struct Interruption {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Interruption {
    /// Begins to listen.
    ///
    /// Call it after standard input is read: the same Ctrl-C ends the program that writes to it,
    /// and the part of a value that came by then must not be stored.
    pub(crate) fn listen() -> Result<Self, Failure> {
        Self::signals()
            .map_err(|error| Failure::Failed(format!("Ctrl-C cannot be listened for: {error}")))
    }

    #[cfg(unix)]
    fn signals() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(windows)]
    fn signals() -> io::Result<Self> {
        let interrupt = tokio::signal::windows::ctrl_c()?;
        Ok(Self { interrupt })
    }

    /// Waits for an interruption.
    pub(crate) async fn received(&mut self) {
        #[cfg(unix)]
        select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(windows)]
        self.interrupt.recv().await;
    }

    /// Does a single change to its end. The second interruption ends it.
    pub(crate) async fn finish<T>(
        &mut self,
        console: &Console,
        change: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Failure> {
        match self.outlive(console, change).await {
            Outlived::Finished(result) | Outlived::Interrupted(result) => Ok(result?),
            Outlived::Abandoned => Err(Failure::Partly(
                "interrupted before GitHub responded: the change may have been made".to_owned(),
            )),
        }
    }

    /// Does one of several changes to its end. The second interruption ends it.
    pub(crate) async fn outlive<T>(
        &mut self,
        console: &Console,
        change: impl Future<Output = Result<T, Error>>,
    ) -> Outlived<Result<T, Error>> {
        let mut change = pin!(change);
        select! {
            result = &mut change => return Outlived::Finished(result),
            () = self.received() => {}
        }
        console.note("waiting for GitHub's response; press Ctrl-C again to end at once");
        select! {
            result = &mut change => Outlived::Interrupted(result),
            () = self.received() => Outlived::Abandoned,
        }
    }

    /// Waits for something that changes nothing. The first interruption ends it.
    pub(crate) async fn wait<T>(
        &mut self,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Failure> {
        select! {
            result = work => Ok(result?),
            () = self.received() => Err(Failure::Failed(
                "interrupted; nothing was stored".to_owned(),
            )),
        }
    }
}

/// The end of a change during which interruptions can come.
pub(crate) enum Outlived<T> {
    /// None came.
    Finished(T),
    /// One came, and the change was finished.
    Interrupted(T),
    /// A second came, and the change may have been made or not.
    Abandoned,
}
