use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use github_secrets_codegen::{Description, Families, Overlay, Words, changes, client, operations};
use similar::TextDiff;

const OPERATIONS: &str = "openapi/operations.json";
const OVERLAY: &str = "openapi/overlay.json";
const FAMILIES: &str = "openapi/families.json";
const WORDS: &str = "openapi/words.json";
const SLICE: &str = "openapi/github.json";
const CLIENT: &str = "client/src/generated.rs";

/// Of a diff, what fits on a screen.
const DIFF_LINES: usize = 40;

/// Make openapi/github.json and client/src/generated.rs anew from openapi/operations.json and openapi/overlay.json
#[derive(Args)]
pub(crate) struct Regen {
    /// Write nothing; exit with 1 and a diff when a file is not up to date
    #[arg(long)]
    check: bool,
    /// GitHub's whole OpenAPI 3.0 description, in JSON, to take the operations from
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// The workspace, other than the one this was built in
    #[arg(long, value_name = "DIR", hide = true, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    root: PathBuf,
}

pub(crate) enum State {
    Fresh,
    Stale { command: String },
}

impl Regen {
    pub(crate) fn run(&self, out: &mut impl Write) -> Result<State> {
        let committed = self.committed()?;
        let slice = self.slice(&committed)?;
        let overlay = self.read(OVERLAY, Overlay::parse)?;
        let overlaid = overlay.apply(&slice);
        let report = Report::new(&overlay, &committed, &slice, overlaid.as_ref().ok());
        if self.from.is_some() || !report.is_empty() {
            report.tell(out)?;
        }
        let overlaid = overlaid.context(OVERLAY)?;
        let families = self.read(FAMILIES, Families::parse)?;
        let (folded, problems) = families.fold(&overlaid);
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem).context(FAMILIES);
        }
        let worded = self.read(WORDS, Words::parse)?.apply(&folded);
        let files = [(SLICE, slice.to_string()), (CLIENT, client(&worded)?)];
        let files = self.stale(files)?;
        if files.is_empty() {
            writeln!(out, "{SLICE} and {CLIENT} are up to date.")?;
            return Ok(State::Fresh);
        }
        if !self.check {
            write(&files)?;
            for file in &files {
                writeln!(out, "wrote {}", file.name)?;
            }
            return Ok(State::Fresh);
        }
        for file in &files {
            write!(out, "{}", file.diff())?;
        }
        Ok(State::Stale {
            command: self.command(),
        })
    }

    /// The slice that is there now, or nothing where there is none yet.
    fn committed(&self) -> Result<Description> {
        match optional(&self.root.join(SLICE)).context(SLICE)? {
            Some(text) => Description::parse(&text).context(SLICE),
            None => Ok(Description::empty()),
        }
    }

    fn slice(&self, committed: &Description) -> Result<Description> {
        let operations = self.read(OPERATIONS, operations)?;
        match &self.from {
            Some(path) => {
                let name = path.display().to_string();
                let text =
                    fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
                let whole = Description::parse(&text).with_context(|| name.clone())?;
                whole.slice(&operations).context(name)
            }
            None => committed.slice(&operations).with_context(|| {
                format!("{SLICE}, which `--from FILE` takes anew from GitHub's whole description")
            }),
        }
    }

    fn read<T, E>(&self, name: &'static str, parse: impl Fn(&str) -> Result<T, E>) -> Result<T>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let text = fs::read_to_string(self.root.join(name));
        let text = text.with_context(|| format!("cannot read {name}"))?;
        parse(&text).context(name)
    }

    fn stale(&self, files: [(&'static str, String); 2]) -> Result<Vec<Stale>> {
        let mut stale = Vec::new();
        for (name, new) in files {
            let path = self.root.join(name);
            let old = optional(&path).context(name)?;
            if old.as_ref() != Some(&new) {
                stale.push(Stale {
                    name,
                    path,
                    old: old.unwrap_or_default(),
                    new,
                });
            }
        }
        Ok(stale)
    }

    fn command(&self) -> String {
        match &self.from {
            Some(path) => format!("cargo xtask regen --from {}", path.display()),
            None => "cargo xtask regen".to_owned(),
        }
    }
}

/// A file that is not what it should be.
struct Stale {
    name: &'static str,
    path: PathBuf,
    old: String,
    new: String,
}

impl Stale {
    fn diff(&self) -> String {
        let diff = TextDiff::from_lines(&self.old, &self.new);
        let mut unified = diff.unified_diff();
        let (old, new) = (format!("a/{}", self.name), format!("b/{}", self.name));
        let text = unified.context_radius(2).header(&old, &new).to_string();
        let mut short: String = text.split_inclusive('\n').take(DIFF_LINES).collect();
        let rest = text.lines().count().saturating_sub(DIFF_LINES);
        if rest > 0 {
            short.push_str(&format!("… and {rest} lines more\n"));
        }
        short
    }

    /// Where the new text stands until it takes the place of the old.
    fn draft(&self) -> PathBuf {
        self.path.with_extension("new")
    }
}

/// What changed from the committed slice to the new one.
struct Report {
    /// For a caller of the client.
    caller: Vec<String>,
    /// In what the overlay leaves out of the client.
    beside: Vec<String>,
}

impl Report {
    fn new(
        overlay: &Overlay,
        committed: &Description,
        slice: &Description,
        overlaid: Option<&Description>,
    ) -> Self {
        let all = changes(committed, slice);
        let earlier = overlay.apply(committed).ok();
        let Some((earlier, overlaid)) = earlier.as_ref().zip(overlaid) else {
            return Self {
                caller: all,
                beside: Vec::new(),
            };
        };
        let caller = changes(earlier, overlaid);
        let beside = all.into_iter().filter(|line| !caller.contains(line));
        Self {
            beside: beside.collect(),
            caller,
        }
    }

    fn is_empty(&self) -> bool {
        self.caller.is_empty() && self.beside.is_empty()
    }

    fn tell(&self, out: &mut impl Write) -> Result<()> {
        if self.caller.is_empty() {
            let gap = if self.beside.is_empty() { "" } else { "\n" };
            writeln!(out, "Nothing that a caller sees has changed.{gap}")?;
        }
        for (title, lines) in [
            ("What has changed for a caller:", &self.caller),
            (
                "What has changed in GitHub's description, in parts that the client leaves out:",
                &self.beside,
            ),
        ] {
            if !lines.is_empty() {
                writeln!(out, "{title}\n")?;
                for line in lines {
                    writeln!(out, "- {line}")?;
                }
                writeln!(out)?;
            }
        }
        Ok(())
    }
}

/// Writes all of the files or, when one cannot be written, none.
fn write(files: &[Stale]) -> Result<()> {
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

fn optional(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context("cannot be read"),
    }
}
