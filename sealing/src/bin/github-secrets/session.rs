//! A place that is open: its secrets, and the calls that are made there. Every command opens here.

use std::pin::pin;

use github_secrets::{
    AnySecrets, Batch, Error, GitHub, NotTried, Place, PrivateRegistries, Stored,
};
use tokio::{select, task::spawn_blocking};

use crate::{
    context::Context,
    emulator::{Contents, Emulation},
    failure::Failure,
};

const WAITING: &str = "waiting for GitHub's response; press Ctrl-C again to end at once";

/// Why the program has to stop.
#[derive(Clone, Copy)]
enum Stop {
    Interrupted,
    /// More lines were pasted than the one that was read.
    Pasted,
}

/// How a change ended.
pub(crate) enum Ended<T> {
    With(T),
    /// It had to stop before it sent anything.
    NotSent,
    /// It had to stop, and may have been made or not.
    Unknown,
}

/// A place on GitHub, or on an emulator of it.
pub(crate) struct Session<'a> {
    pub(crate) place: Place,
    pub(crate) secrets: AnySecrets,
    github: GitHub,
    emulation: Option<Emulation>,
    context: &'a Context,
}

impl<'a> Session<'a> {
    /// Opens a place. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if there is no token, and the library's error if the token or the
    /// address cannot be used.
    pub(crate) async fn open(
        context: &'a Context,
        place: Place,
        contents: Contents<'_>,
    ) -> Result<Self, Failure> {
        let Context {
            console,
            connection,
        } = context;
        let emulation = if connection.emulator {
            Some(Emulation::start(&place, contents).await?)
        } else {
            None
        };
        let github = match &emulation {
            Some(emulation) => {
                console.note(emulation);
                connection.emulated(emulation, console)?
            }
            None => connection.github(console)?,
        };
        Ok(Self {
            secrets: github.secrets(&place),
            place,
            github,
            emulation,
            context,
        })
    }

    /// Returns the private registries of the organization.
    pub(crate) fn registries(&self) -> Result<PrivateRegistries, Failure> {
        let login = self.place.login().unwrap_or_default();
        Ok(self.github.org(login)?.private_registries())
    }

    /// Makes a call that changes nothing. The first interruption ends it.
    pub(crate) async fn read<T>(
        &self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Failure> {
        self.context.console.interruption.listen()?;
        select! {
            biased;
            stop = self.stopped() => Err(stop.failure()),
            result = call => Ok(result?),
        }
    }

    /// Makes a change. Once it has to stop, what was sent is waited for, and no more is begun; the
    /// second interruption ends it.
    pub(crate) async fn change<T>(
        &self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Failure> {
        match self.outlive(call).await? {
            Ended::With(result) => {
                let done = result?;
                self.check_typed()?;
                Ok(done)
            }
            Ended::NotSent | Ended::Unknown => Err(Failure::Partly(
                "interrupted before GitHub responded: the change may have been made".to_owned(),
            )),
        }
    }

    /// Stores a secret as a batch of one, which can be stopped.
    pub(crate) async fn store(&self, batch: Batch) -> Result<Stored, Failure> {
        let mut batch = batch;
        let console = &self.context.console;
        let mut stop = None;
        let item = loop {
            select! {
                biased;
                reason = self.stopped(), if stop.is_none() => {
                    stop = Some(reason);
                    batch.stop();
                    console.note(WAITING);
                }
                () = console.interruption.after(1) => return Err(Failure::Partly(
                    "interrupted before GitHub responded: the secret may have been stored"
                        .to_owned(),
                )),
                item = batch.next() => break item,
            }
        };
        match (item.map(|item| item.result), stop) {
            (Some(Ok(stored)), _) => {
                self.check_typed()?;
                Ok(stored)
            }
            (Some(Err(Error::NotTried(_))) | None, Some(stop)) => Err(stop.failure()),
            (Some(Err(error)), _) => Err(error.into()),
            (None, None) => Err(Error::NotTried(NotTried::NoRuntime).into()),
        }
    }

    /// Makes one of several changes. Once it has to stop, what was sent is waited for; a call that
    /// waits for its turn or for its next attempt ends.
    pub(crate) async fn outlive<T>(
        &self,
        call: impl Future<Output = T>,
    ) -> Result<Ended<T>, Failure> {
        let console = &self.context.console;
        console.interruption.listen()?;
        console.forget_waits();
        let mut call = pin!(call);
        select! {
            biased;
            _ = self.stopped() => {}
            result = &mut call => return Ok(Ended::With(result)),
        }
        if !console.is_waiting() {
            console.note(WAITING);
            select! {
                biased;
                result = &mut call => return Ok(Ended::With(result)),
                () = console.begins_to_wait() => {}
                () = console.interruption.after(1) => return Ok(Ended::Unknown),
            }
        }
        Ok(if console.has_retried() {
            Ended::Unknown
        } else {
            Ended::NotSent
        })
    }

    /// Waits until the program has to stop.
    async fn stopped(&self) -> Stop {
        let interruption = &self.context.console.interruption;
        let Some(terminal) = interruption.terminal() else {
            interruption.after(0).await;
            return Stop::Interrupted;
        };
        select! {
            biased;
            () = interruption.after(0) => Stop::Interrupted,
            Ok(true) = spawn_blocking(move || terminal.wait_for_more()) => Stop::Pasted,
            else => std::future::pending().await,
        }
    }

    /// Checks that no more was typed or pasted than was stored.
    fn check_typed(&self) -> Result<(), Failure> {
        let terminal = self.context.console.interruption.terminal();
        if terminal.is_some_and(|terminal| terminal.has_more()) {
            return Err(Failure::Partly(
                "the change is made with the first line alone, and more lines were pasted after \
                 it; repeat it with --value-file, or standard input"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    /// Returns whether the program was told to stop.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.context.console.interruption.count() > 0
    }

    /// Says what the emulator received, if it is one.
    pub(crate) fn say_opened(&self) {
        let Some(emulation) = &self.emulation else {
            return;
        };
        let secrets = match emulation.opened() {
            1 => "1 secret".to_owned(),
            secrets => format!("{secrets} secrets"),
        };
        self.context.console.note(format_args!(
            "emulator: opened {secrets} with its private key"
        ));
    }
}

impl Stop {
    /// Returns the failure of a command that had sent nothing when it had to stop.
    fn failure(self) -> Failure {
        Failure::Failed(match self {
            Self::Interrupted => "interrupted; nothing was stored".to_owned(),
            Self::Pasted => "more than one line was pasted; nothing was stored. Use --value-file, \
                             or standard input, for a value of several lines"
                .to_owned(),
        })
    }
}
