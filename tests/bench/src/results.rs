//! What the benches leave for the report.

use std::{fs, io, path::Path};

use anyhow::Context;
use serde::{Serialize, de::DeserializeOwned};

/// Results of a bench, kept in a file of their own.
pub trait Results: Serialize + DeserializeOwned {
    /// The name of the file.
    const FILE: &str;

    /// Keeps the results in this folder.
    fn save(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        Ok(fs::write(
            folder.join(Self::FILE),
            serde_json::to_string(self)?,
        )?)
    }

    /// Returns the results that were kept, or `None` if there are none yet.
    fn load(folder: &Path) -> anyhow::Result<Option<Self>> {
        let text = read(&folder.join(Self::FILE))?;
        let results = text.map(|text| serde_json::from_str(&text));
        results.transpose().context(Self::FILE)
    }
}

/// Returns the text of a file, or `None` if it does not exist.
pub(crate) fn read(file: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| file.display().to_string()),
    }
}
