//! The files of the workspace: they are read within bounds, and written all or none.

use std::{
    env, fs,
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use github_secrets_codegen::escaped;
use similar::TextDiff;

/// Of a diff, what fits on a screen.
const DIFF_LINES: usize = 40;

/// After this time, the rest of a text counts as different.
const DIFF_TIME: Duration = Duration::from_secs(2);

/// GitHub's whole description has 13 MB.
const MOST_BYTES: u64 = 64 << 20;

/// A workspace, and the files in it by their names from its root.
pub(crate) struct Workspace {
    root: PathBuf,
}

/// A file that is not what it should be.
pub(crate) struct Stale {
    pub(crate) name: &'static str,
    path: PathBuf,
    old: String,
    new: String,
}

impl Workspace {
    /// Finds the workspace that the current directory is in.
    ///
    /// It is looked for at run time: several checkouts can share a target directory, and with it
    /// one program.
    pub(crate) fn find() -> Result<Self> {
        let current = env::current_dir().context("cannot find the current directory")?;
        for root in current.ancestors() {
            let manifest = optional(&root.join("Cargo.toml")).context("Cargo.toml")?;
            if manifest.is_some_and(|text| text.lines().any(|line| line.trim() == "[workspace]")) {
                let root = root.to_owned();
                return Ok(Self { root });
            }
        }
        bail!(
            "no Cargo workspace in {} or above: run this inside the workspace",
            shown(&current)
        )
    }

    /// Reads a file.
    pub(crate) fn read<T, E>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<T>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let text = read(&self.root.join(name));
        let text = text.with_context(|| format!("cannot read {name}"))?;
        parse(&text).context(name)
    }

    /// Reads a file that need not be there.
    pub(crate) fn read_optional(&self, name: &'static str) -> Result<Option<String>> {
        optional(&self.root.join(name)).with_context(|| format!("cannot read {name}"))
    }

    /// Returns those of `files` that are not up to date.
    pub(crate) fn stale(&self, files: [(&'static str, String); 2]) -> Result<Vec<Stale>> {
        let mut stale = Vec::new();
        for (name, new) in files {
            let old = self.read_optional(name)?;
            if old.as_ref() != Some(&new) {
                stale.push(Stale {
                    name,
                    path: self.root.join(name),
                    old: old.unwrap_or_default(),
                    new,
                });
            }
        }
        Ok(stale)
    }
}

impl Stale {
    /// Returns the beginning of the difference to what the file should be.
    pub(crate) fn diff(&self) -> String {
        // Two long texts that have nothing in common would take hours.
        let mut differ = TextDiff::configure();
        let diff = differ.timeout(DIFF_TIME).diff_lines(&self.old, &self.new);
        let mut unified = diff.unified_diff();
        let (old, new) = (format!("a/{}", self.name), format!("b/{}", self.name));
        let text = unified.context_radius(2).header(&old, &new).to_string();
        let lines = text.lines().take(DIFF_LINES);
        let mut short: String = lines.map(|line| escaped(line) + "\n").collect();
        let rest = text.lines().count().saturating_sub(DIFF_LINES);
        if rest > 0 {
            short.push_str(&format!("… and {rest} more lines\n"));
        }
        short
    }

    /// Returns where the new text is written before it replaces the old one.
    fn draft(&self) -> PathBuf {
        self.path.with_extension("new")
    }
}

/// Writes all of the files or, when one cannot be written, none.
pub(crate) fn write(files: &[Stale]) -> Result<()> {
    for file in files {
        if let Err(error) = fs::write(file.draft(), &file.new) {
            for file in files {
                // What cannot be removed was not written either.
                let _ = fs::remove_file(file.draft());
            }
            return Err(error).with_context(|| format!("cannot write {}", file.name));
        }
    }
    for file in files {
        fs::rename(file.draft(), &file.path)
            .with_context(|| format!("cannot write {}", file.name))?;
    }
    Ok(())
}

/// Reads a text that is not larger than what `regen` is made for.
pub(crate) fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let file = fs::File::open(path)?;
    file.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST_BYTES {
        let reason = format!("it has more than {MOST_BYTES} bytes");
        return Err(io::Error::new(ErrorKind::FileTooLarge, reason));
    }
    Ok(text)
}

/// Returns a path as it can be printed.
pub(crate) fn shown(path: &Path) -> String {
    escaped(&path.display().to_string())
}

fn optional(path: &Path) -> Result<Option<String>> {
    match read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
