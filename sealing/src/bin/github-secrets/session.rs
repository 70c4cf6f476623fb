//! A place that is open: its secrets, and the calls that are made there. Every command opens here.

use std::pin::pin;

use github_secrets::{AnySecrets, Error, GitHub, Place, PrivateRegistries};
use tokio::select;

use crate::{
    context::Context,
    emulator::{Contents, Emulation},
    failure::Failure,
};

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
        let interruption = &self.context.console.interruption;
        interruption.listen()?;
        select! {
            result = call => Ok(result?),
            () = interruption.after(0) => Err(Failure::Failed(
                "interrupted; nothing was stored".to_owned(),
            )),
        }
    }

    /// Makes a change. What was sent when the first interruption comes is waited for; the second
    /// one ends it.
    pub(crate) async fn change<T>(
        &self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Failure> {
        match self.outlive(call).await? {
            Some(result) => Ok(result?),
            None => Err(Failure::Partly(
                "interrupted before GitHub responded: the change may have been made".to_owned(),
            )),
        }
    }

    /// Makes one of several changes, and returns `None` if the second interruption ended it.
    pub(crate) async fn outlive<T>(
        &self,
        call: impl Future<Output = T>,
    ) -> Result<Option<T>, Failure> {
        let console = &self.context.console;
        let interruption = &console.interruption;
        interruption.listen()?;
        let mut call = pin!(call);
        select! {
            result = &mut call => return Ok(Some(result)),
            () = interruption.after(0) => {}
        }
        console.note("waiting for GitHub's response; press Ctrl-C again to end at once");
        select! {
            result = &mut call => Ok(Some(result)),
            () = interruption.after(1) => Ok(None),
        }
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
