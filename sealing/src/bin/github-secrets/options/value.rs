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
use zeroize::Zeroizing;

use crate::{
    console::Console,
    failure::Failure,
    input::{stdin, trimmed},
    prompt,
};

#[derive(Debug, Args)]
#[command(next_help_heading = "Value")]
pub(crate) struct ValueOptions {
    /// Read the value from this file instead of standard input
    #[arg(long, value_name = "FILE", conflicts_with = "value_env")]
    value_file: Option<PathBuf>,
    /// Take the value from this environment variable
    #[arg(long, value_name = "VARIABLE")]
    value_env: Option<OsString>,
    /// Store the input unchanged, including a byte order mark and a final line break
    #[arg(long)]
    exact: bool,
    /// Accept an empty value
    #[arg(long)]
    allow_empty: bool,
}

/// Room for what is left out of a value of the largest size.
const LEFT_OUT: usize = 1024;

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
        let bytes = match (&self.value_file, &self.value_env) {
            (Some(path), _) => {
                // A path that does not exist can be a value in the wrong place: it is not repeated.
                let read = File::open(path).and_then(read_to_end);
                read.map_err(|error| {
                    let advice = match path.as_os_str() == "-" {
                        true => "; leave it out to read standard input",
                        false => "",
                    };
                    failed(format!(
                        "the file given with --value-file cannot be read: {error}{advice}"
                    ))
                })?
            }
            (None, Some(variable)) => {
                let value = env::var_os(variable).ok_or_else(|| {
                    Failure::Usage("the variable named by --value-env is not set".to_owned())
                })?;
                Zeroizing::new(value.into_encoded_bytes())
            }
            (None, None) if io::stdin().is_terminal() => prompt::ask(label, console).await?,
            (None, None) => stdin()
                .and_then(read_to_end)
                .map_err(|error| failed(format!("the value cannot be read: {error}")))?,
        };
        let value = self.cut(&bytes, console)?;
        if value.len() > SecretValue::MAX_BYTES {
            let (bytes, maximum) = (SecretValue::MAX_BYTES + 1, SecretValue::MAX_BYTES);
            return Err(failed(ValueError::TooLarge { bytes, maximum }.to_string()));
        }
        if value.is_empty() && !self.allow_empty {
            return Err(failed(
                "the value is empty; use --allow-empty to store it all the same".to_owned(),
            ));
        }
        Ok(value.into())
    }

    /// Returns the value without what editors add to it.
    fn cut<'a>(&self, bytes: &'a [u8], console: &Console) -> Result<&'a [u8], Failure> {
        if self.exact {
            return Ok(bytes);
        }
        let value = trimmed(bytes).ok_or_else(|| {
            failed(
                "the value is UTF-16; save it as UTF-8, or store its bytes with --exact".to_owned(),
            )
        })?;
        for left_out in value.left_out {
            let kept = left_out.pronoun();
            console.note(format_args!("{left_out}; --exact keeps {kept}"));
        }
        Ok(value.bytes)
    }
}

/// Reads into one buffer that does not grow, and no more than it can be seen to be too large by.
fn read_to_end(reader: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(SecretValue::MAX_BYTES + LEFT_OUT));
    let size = buffer.capacity() as u64;
    reader.take(size).read_to_end(&mut buffer)?;
    Ok(buffer)
}

fn failed(message: String) -> Failure {
    Failure::Failed(message)
}
