//! The value of a secret: from standard input, a prompt, a file or the environment. Never from the
//! command line, which other users of the machine can read.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, IsTerminal, Read},
    path::PathBuf,
};

use clap::Args;
use github_secrets::{SecretValue, ValueError};

use crate::{console::Console, failure::Failure, prompt};

#[derive(Debug, Args)]
#[command(next_help_heading = "Value")]
pub(crate) struct ValueOptions {
    /// Read the value from this file instead of standard input
    #[arg(long, value_name = "FILE", conflicts_with = "value_env")]
    value_file: Option<PathBuf>,
    /// Take the value from this environment variable
    #[arg(long, value_name = "VARIABLE")]
    value_env: Option<OsString>,
    /// Keep the line break at the end of a value of one line
    #[arg(long)]
    exact: bool,
    /// Accept an empty value
    #[arg(long)]
    allow_empty: bool,
}

impl ValueOptions {
    /// Returns whether an option says where the value comes from.
    pub(crate) fn has_source(&self) -> bool {
        self.value_file.is_some() || self.value_env.is_some()
    }

    /// Reads the value. On a terminal it asks for it, by `label`.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Failed`] if the value cannot be read or stored.
    pub(crate) async fn read(
        &self,
        label: &str,
        console: &Console,
    ) -> Result<SecretValue, Failure> {
        let value = match (&self.value_file, &self.value_env) {
            (Some(path), _) => {
                // A path that does not exist can be a value in the wrong place: it is not repeated.
                let file = File::open(path).map_err(|error| {
                    failed(format!(
                        "the file of --value-file cannot be opened: {error}"
                    ))
                })?;
                self.read_from(file, console)?
            }
            (None, Some(variable)) => {
                let value = env::var_os(variable).ok_or_else(|| {
                    Failure::Usage("the variable of --value-env is not set".to_owned())
                })?;
                SecretValue::from(value.into_encoded_bytes())
            }
            (None, None) if io::stdin().is_terminal() => {
                prompt::ask(label, &console.interruption).await?
            }
            (None, None) => self.read_from(io::stdin().lock(), console)?,
        };
        if value.len() > SecretValue::MAX_BYTES {
            let (bytes, maximum) = (value.len(), SecretValue::MAX_BYTES);
            return Err(failed(ValueError::TooLarge { bytes, maximum }.to_string()));
        }
        if value.is_empty() && !self.allow_empty {
            return Err(failed(
                "the value is empty; use --allow-empty to store it all the same".to_owned(),
            ));
        }
        Ok(value)
    }

    /// A line break after a single line comes from `echo` or an editor, and a password with one in
    /// it does not work. The last line break of a key in PEM is part of the key.
    fn read_from(&self, reader: impl Read, console: &Console) -> Result<SecretValue, Failure> {
        let value = SecretValue::from_reader(reader).map_err(|error| failed(error.to_string()))?;
        match without_line_break(value.expose()) {
            Some(line) if !self.exact => {
                console
                    .note("the line break at the end of the value is left out; --exact keeps it");
                Ok(line.into())
            }
            _ => Ok(value),
        }
    }
}

/// Returns the only line without its line break, or `None` if there is none or are more lines.
fn without_line_break(value: &[u8]) -> Option<&[u8]> {
    let line = value.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    (!line.contains(&b'\n')).then_some(line)
}

fn failed(message: String) -> Failure {
    Failure::Failed(message)
}
