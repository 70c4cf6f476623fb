//! `completions`: print a completion script for a shell.

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use crate::{context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  github-secrets completions bash >~/.local/share/bash-completion/completions/github-secrets
  github-secrets completions zsh >/usr/local/share/zsh/site-functions/_github-secrets";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// The shell to print the script for
    shell: Shell,
}

impl Completions {
    pub(crate) async fn run(&self, mut command: Command, context: &Context) -> Result<(), Failure> {
        // It panics when it cannot write, so it writes to memory.
        let mut script = Vec::new();
        let name = command.get_name().to_owned();
        generate(self.shell, &mut command, name, &mut script);
        Ok(context.console.write(script).await?)
    }
}
