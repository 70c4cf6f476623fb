//! `man`: write the manual pages, for packagers.

use std::path::PathBuf;

use clap::{Args, Command};

use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  github-secrets man /usr/local/share/man/man1";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Man {
    /// The directory to write a page for each command to
    directory: PathBuf,
}

impl Man {
    pub(crate) fn run(self, command: Command) -> Result<(), Failure> {
        clap_mangen::generate_to(command, self.directory).map_err(|error| {
            Failure::Failed(format!("the manual pages cannot be written: {error}"))
        })
    }
}
