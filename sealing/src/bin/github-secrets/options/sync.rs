//! The options of `plan` and `apply`.

use std::path::PathBuf;

use clap::Args;
use github_secrets::{Limits, sync};

use crate::manifest::{ChangedElsewhere, Manifest};

#[derive(Debug, Args)]
pub(crate) struct SyncOptions {
    /// The file: TOML, or JSON with the same keys; - is JSON on standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Overwrite existing secrets that the file names but that were not written from it
    #[arg(long)]
    take_over: bool,
    /// Show each step in a line of its own
    #[arg(long)]
    pub(crate) all: bool,
    /// Append the plan as Markdown to this file: "$GITHUB_STEP_SUMMARY", for example
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Maximum writes per hour; 0 for no limit [default: 500, as GitHub documents]
    #[arg(long, value_name = "NUMBER", value_parser = writes)]
    writes_per_hour: Option<u32>,
}

impl SyncOptions {
    /// Returns what the sync may do.
    pub(crate) fn options(&self, manifest: &Manifest) -> sync::Options {
        sync::Options::default()
            .prune(manifest.prune)
            .max_deletes(manifest.max_deletes)
            .keep_changed(manifest.changed_elsewhere == ChangedElsewhere::Keep)
            .take_over(self.take_over)
    }

    /// Returns the limits, if others are asked for than the default ones.
    pub(crate) fn limits(&self) -> Option<Limits> {
        let limits = |writes| match writes {
            0 => Limits::default().writes_per_hour(u32::MAX),
            writes => Limits::default().writes_per_hour(writes),
        };
        self.writes_per_hour.map(limits)
    }
}

/// Reads a number without repeating what is none: it can be a value.
fn writes(text: &str) -> Result<u32, &'static str> {
    let number = text.parse().ok();
    number.ok_or("not a number of writes; write 0 or more")
}
