//! The options for a connection, and the connection that they ask for.

use clap::Args;
use github_secrets::{GitHub, GitHubBuilder, Limits};

use crate::{console::Console, emulator::Emulation, environment, failure::Failure};

#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionOptions {
    /// The API's address [default: https://api.github.com]
    #[arg(long, global = true, value_name = "URL")]
    api_url: Option<String>,
    /// Try the command on an emulator inside the program, without GitHub
    #[arg(long, global = true, conflicts_with = "api_url")]
    pub(crate) emulator: bool,
    /// Show GitHub's own error messages, which can repeat what was sent
    #[arg(long, global = true)]
    pub(crate) show_github_message: bool,
}

impl ConnectionOptions {
    /// Connects to GitHub. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if there is no token, and the library's error if the token or the
    /// address cannot be used.
    pub(crate) fn github(&self, console: &Console) -> Result<GitHub, Failure> {
        let url = match &self.api_url {
            Some(url) => Some(url.clone()),
            None => environment::api_url()?,
        };
        let builder = builder(console);
        let builder = match url {
            Some(url) => builder.api_url(url),
            None => builder,
        };
        Ok(builder.token(environment::token()?).build()?)
    }

    /// Connects to an emulator.
    ///
    /// # Errors
    ///
    /// Returns the library's error if the settings cannot be used.
    pub(crate) fn emulated(
        &self,
        emulation: &Emulation,
        console: &Console,
    ) -> Result<GitHub, Failure> {
        let builder = builder(console)
            .api_url(emulation.url())
            .token("emulator")
            .limits(Limits::none());
        Ok(builder.build()?)
    }
}

fn builder(console: &Console) -> GitHubBuilder {
    let console = console.clone();
    GitHub::builder().on_wait(move |wait| console.waiting(wait))
}
