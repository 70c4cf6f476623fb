//! Where a sync's state is kept: a file that is replaced as a whole.

use std::{
    env,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use github_secrets::sync::{State, StateKey};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The variable for the key of the state.
const KEY: &str = "SECRETS_STATE_KEY";

/// A larger state is none: 2,100 secrets take half a megabyte.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The file of a state.
pub(crate) struct StateFile {
    path: PathBuf,
}

/// The right to write the file, held as long as this lives.
pub(crate) struct Lock(#[expect(dead_code, reason = "held, not read")] File);

/// Returns the key of the state.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if there is none, or none that can be used.
pub(crate) fn key() -> Result<StateKey, Failure> {
    let Some(key) = env::var_os(KEY).filter(|key| !key.is_empty()) else {
        return Err(Failure::Usage(format!(
            "the variable {KEY} is not set; it holds the key for the state's digests. Create one \
             with `openssl rand -base64 32` and store it as a secret; `plan --no-values` does not \
             need it"
        )));
    };
    let key = key.into_encoded_bytes();
    let key = Zeroizing::new(key);
    let key = str::from_utf8(&key)
        .ok()
        .and_then(|key| StateKey::new(key).ok());
    key.ok_or_else(|| {
        Failure::Usage(format!(
            "the variable {KEY} is not 32 random bytes in base64; create a key with `openssl rand \
             -base64 32`"
        ))
    })
}

/// Returns a key for a state that is never kept.
pub(crate) fn passing_key() -> Result<StateKey, Failure> {
    let key = StateKey::new("cGFzc2luZywgYW5kIHNlY3JldCB0byBub2JvZHkgISE=");
    key.map_err(|error| Failure::Failed(error.to_string()))
}

impl StateFile {
    /// Finds the file, through links.
    pub(crate) fn new(path: &Path) -> Self {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Self { path }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Locks the file for a run that writes it.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Failed`] if another run has it, or if nothing can be written there.
    pub(crate) fn lock(&self) -> Result<Lock, Failure> {
        // A lock of the file itself would be lost when it is replaced.
        let path = self.beside("lock");
        let failed = |error: &io::Error| {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            Failure::Failed(match folder {
                Some(folder) if error.kind() == io::ErrorKind::NotFound => format!(
                    "the folder {} for the state does not exist; create it; nothing was sent",
                    folder.display()
                ),
                _ => format!(
                    "{} cannot be written: {error}; nothing was sent",
                    path.display()
                ),
            })
        };
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| failed(&error))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(Failure::Failed(format!(
                "another run is using {}, and nothing was sent; wait for it to finish",
                self.path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(failed(&error)),
        }
    }

    /// Reads the state; `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Failed`] if the file cannot be read, or is no state of this key.
    pub(crate) fn read(&self, key: StateKey) -> Result<(State, bool), Failure> {
        let path = self.path.display();
        let failed = |error: &dyn std::fmt::Display| Failure::Failed(format!("{path}: {error}"));
        let metadata = match fs::metadata(&self.path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok((State::new(key), false));
            }
            Err(error) => return Err(failed(&error)),
        };
        if !metadata.is_file() {
            return Err(failed(&"not a regular file"));
        }
        if metadata.len() > MOST_BYTES {
            return Err(failed(&"the file is too large for a state"));
        }
        let bytes = fs::read(&self.path).map_err(|error| failed(&error))?;
        let state = State::read(&bytes, key).map_err(|error| failed(&error))?;
        Ok((state, true))
    }

    /// Replaces the file: it has the former bytes or these, whatever happens meanwhile.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.beside("tmp");
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&temporary).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        let replaced = written.and_then(|()| fs::rename(&temporary, &self.path));
        if replaced.is_err() {
            // What is half written helps nobody.
            let _ = fs::remove_file(&temporary);
        }
        replaced?;
        // The new name has to outlive a loss of power as well.
        #[cfg(unix)]
        if let Some(folder) = self.path.parent() {
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// Returns the path of a file beside this one.
    fn beside(&self, extension: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(".");
        path.push(extension);
        path.into()
    }
}
