//! The files of the workspace: they are read within bounds, and written all or none.

use std::{
    env,
    fs::{self, TryLockError},
    io::{self, ErrorKind, Read, Write},
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
    old: Option<String>,
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
                    old,
                    new,
                });
            }
        }
        Ok(stale)
    }

    /// Writes those of `files` that are not up to date, and returns their names. Either all are
    /// written or none.
    pub(crate) fn write(
        &self,
        files: [(&'static str, String); 2],
        locked: &'static str,
    ) -> Result<Vec<&'static str>> {
        let _lock = self.lock(locked)?;
        // A run that was killed leaves its drafts.
        for (name, _) in &files {
            remove_draft(&self.root.join(name));
        }
        let stale = self.stale(files)?;
        place(&stale)?;
        Ok(stale.iter().map(|file| file.name).collect())
    }

    /// Keeps other runs from writing until what is returned is dropped.
    fn lock(&self, name: &'static str) -> Result<fs::File> {
        let file = fs::File::open(self.root.join(name));
        let file = file.with_context(|| format!("cannot read {name}"))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                bail!("another run of regen writes here: wait for its end, and run this again")
            }
            Err(TryLockError::Error(error)) if error.kind() != ErrorKind::Unsupported => {
                Err(error).with_context(|| format!("cannot lock {name}"))
            }
            _ => Ok(file),
        }
    }
}

impl Stale {
    /// Returns the beginning of the difference to what the file should be.
    pub(crate) fn diff(&self) -> String {
        // Two long texts that have nothing in common would take hours.
        let old = self.old.as_deref().unwrap_or_default();
        let mut differ = TextDiff::configure();
        let diff = differ.timeout(DIFF_TIME).diff_lines(old, &self.new);
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

    /// Writes a text to where it is until it takes the place of the old one.
    fn write_draft(&self, text: &str) -> io::Result<()> {
        self.remove_draft();
        let mut draft = fs::File::create_new(self.draft())?;
        draft.write_all(text.as_bytes())?;
        draft.sync_all()
    }

    fn place_draft(&self) -> io::Result<()> {
        fs::rename(self.draft(), &self.path)
    }

    fn put_back(&self) -> io::Result<()> {
        let Some(old) = &self.old else {
            return fs::remove_file(&self.path);
        };
        let placed = self.write_draft(old).and_then(|()| self.place_draft());
        placed.inspect_err(|_| self.remove_draft())
    }

    fn remove_draft(&self) {
        remove_draft(&self.path);
    }

    fn draft(&self) -> PathBuf {
        draft(&self.path)
    }
}

fn draft(path: &Path) -> PathBuf {
    path.with_extension("new")
}

fn remove_draft(path: &Path) {
    // One that cannot be removed is an error when it is written.
    let _ = fs::remove_file(draft(path));
}

/// Puts all of the files in their places or, when one cannot be, none.
fn place(files: &[Stale]) -> Result<()> {
    let mut placed = Vec::new();
    let mut place = || {
        for file in files {
            file.write_draft(&file.new).map_err(|error| (file, error))?;
        }
        for file in files {
            file.place_draft().map_err(|error| (file, error))?;
            placed.push(file);
        }
        Ok(())
    };
    let Err((failed, error)) = place() else {
        return Ok(());
    };
    files.iter().for_each(Stale::remove_draft);
    placed.retain(|file| file.put_back().is_err());
    let names: Vec<&str> = placed.iter().map(|file| file.name).collect();
    let result = if names.is_empty() {
        "so nothing was written".to_owned()
    } else {
        let names = names.join(" and ");
        format!("and {names}, which is new, cannot be put back: run this again when it can")
    };
    Err(error).context(format!("cannot write {}, {result}", failed.name))
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
