//! A connection that is open, and the calls that are made with it. Every command opens here.

use std::{pin::pin, slice};

use github_secrets::{AnySecrets, Error, GitHub, Limits, Place};
use tokio::{select, task::spawn_blocking};

use crate::{
    console::Console,
    context::Context,
    emulator::{Contents, Emulation},
    failure::Failure,
    options::{place::NamedPlace, places::NamedPlaces, repository::NamedServer},
};

/// Why the program has to stop.
#[derive(Clone, Copy)]
pub(crate) enum Stop {
    Interrupted,
    /// More lines were pasted than the one that was read.
    Pasted,
}

/// A connection to GitHub, or to an emulator of it.
pub(crate) struct Session<'a> {
    pub(crate) github: GitHub,
    emulation: Option<Emulation>,
    context: &'a Context,
}

impl<'a> Session<'a> {
    /// Opens a connection, for a command that works on these places. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if there is no token, and the library's error if the token or the
    /// address cannot be used.
    pub(crate) async fn open(
        context: &'a Context,
        places: &[Place],
        contents: Contents<'_>,
    ) -> Result<Self, Failure> {
        Self::open_with(context, places, contents, None).await
    }

    /// Opens a connection to the server of the places that a command line names. Nothing is sent
    /// yet.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if another server is named too, and the errors of
    /// [`open`](Self::open).
    pub(crate) async fn open_for(
        context: &'a Context,
        named: &NamedPlaces,
        contents: Contents<'_>,
    ) -> Result<Self, Failure> {
        let places = named.examples()?;
        Self::connect(context, &places, contents, named.server.as_ref(), None).await
    }

    /// Opens a connection with these limits. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`open`](Self::open).
    pub(crate) async fn open_with(
        context: &'a Context,
        places: &[Place],
        contents: Contents<'_>,
        limits: Option<Limits>,
    ) -> Result<Self, Failure> {
        Self::connect(context, places, contents, None, limits).await
    }

    async fn connect(
        context: &'a Context,
        places: &[Place],
        contents: Contents<'_>,
        server: Option<&NamedServer>,
        limits: Option<Limits>,
    ) -> Result<Self, Failure> {
        let Context {
            console,
            connection,
        } = context;
        let emulation = if connection.emulator {
            Some(Emulation::start(places, contents).await?)
        } else {
            None
        };
        let github = match &emulation {
            Some(emulation) => {
                console.note(emulation);
                connection.emulated(emulation, console)?
            }
            None => connection.github(server, limits, console)?,
        };
        Ok(Self {
            github,
            emulation,
            context,
        })
    }

    /// Opens a connection, for a command that works on one place. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`open_for`](Self::open_for).
    pub(crate) async fn open_at(
        context: &'a Context,
        named: &NamedPlace,
        contents: Contents<'_>,
    ) -> Result<Self, Failure> {
        let NamedPlace { place, server } = named;
        let places = slice::from_ref(place);
        Self::connect(context, places, contents, server.as_ref(), None).await
    }

    pub(crate) fn console(&self) -> &'a Console {
        &self.context.console
    }

    /// Returns the secrets of a place.
    pub(crate) fn secrets(&self, place: &Place) -> AnySecrets {
        self.github.secrets(place)
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

    /// Makes a change. Once it has to stop, nothing more is sent for it, and what was sent is
    /// waited for; the second interruption ends it.
    pub(crate) async fn change<T>(
        &self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Failure> {
        let (result, stop) = self.outlive(call).await?;
        match (result, stop) {
            (Some(Ok(done)), _) => self.check_typed().map(|()| done),
            (Some(Err(Error::NotTried(_))), Some(stop)) => Err(stop.failure()),
            (Some(Err(error)), _) => Err(error.into()),
            (None, _) => Err(Failure::Partly(
                "interrupted before GitHub responded: the change may have been made".to_owned(),
            )),
        }
    }

    /// Makes one of several changes. Returns no result if the second interruption ended it.
    pub(crate) async fn change_one<T>(
        &self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<Option<Result<T, Error>>, Failure> {
        Ok(self.outlive(call).await?.0)
    }

    /// Stops every call: nothing more is sent. What was sent is waited for.
    pub(crate) fn stop(&self) {
        self.github.stop();
        self.context
            .console
            .note("waiting for requests in flight; press Ctrl-C again to quit immediately");
    }

    async fn outlive<T>(
        &self,
        call: impl Future<Output = T>,
    ) -> Result<(Option<T>, Option<Stop>), Failure> {
        let interruption = &self.context.console.interruption;
        interruption.listen()?;
        let mut call = pin!(call);
        let stop = select! {
            biased;
            stop = self.stopped() => stop,
            result = &mut call => return Ok((Some(result), None)),
        };
        self.stop();
        let result = select! {
            biased;
            result = &mut call => Some(result),
            () = interruption.after(1) => None,
        };
        Ok((result, Some(stop)))
    }

    /// Waits until the program has to stop.
    pub(crate) async fn stopped(&self) -> Stop {
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
    pub(crate) fn check_typed(&self) -> Result<(), Failure> {
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

    /// Returns whether the program was interrupted.
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
            "emulator: decrypted {secrets} with its private key"
        ));
    }
}

impl Stop {
    /// Returns what to say of a command that may have changed something when it had to stop.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::Pasted => {
                "more than one line was pasted; use --value-file, or standard input, for a value \
                 of several lines"
            }
        }
    }

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
