//! `cargo xtask regen`: from the files in openapi/ to the client's source, and what has changed.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use github_secrets_codegen::{
    Changes, Description, Error, Families, Generator, Overlay, Words, operations,
};

use crate::workspace::{Stale, Workspace, read, shown};

const OPERATIONS: &str = "openapi/operations.json";
const OVERLAY: &str = "openapi/overlay.json";
const FAMILIES: &str = "openapi/families.json";
const WORDS: &str = "openapi/words.json";
const SLICE: &str = "openapi/github.json";
const CLIENT: &str = "client/src/generated.rs";

/// Generate openapi/github.json and client/src/generated.rs from the other files in openapi/
///
/// Prints what has changed in GitHub's description, and whether that breaks callers. If the
/// description does not fit the other files, prints every reason with what to do, writes nothing
/// and exits with 1.
#[derive(Args)]
pub(crate) struct Regen {
    /// Write nothing; exit with 1 and a diff if a file is not up to date
    #[arg(long)]
    check: bool,
    /// Take the operations from GitHub's whole OpenAPI 3.0 description, a JSON file
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

/// What to print, and why the task failed if it did.
pub(crate) struct Report {
    pub(crate) text: String,
    pub(crate) failure: Option<String>,
}

impl Regen {
    pub(crate) fn run(&self) -> Result<Report> {
        let workspace = Workspace::find()?;
        let generator = Generator {
            operations: workspace.read(OPERATIONS, operations)?,
            overlay: workspace.read(OVERLAY, Overlay::parse)?,
            families: workspace.read(FAMILIES, Families::parse)?,
            words: workspace.read(WORDS, Words::parse)?,
        };
        let committed = match workspace.read_optional(SLICE)? {
            Some(text) => Description::parse(&text).context(SLICE)?,
            None => Description::empty(),
        };
        let generated = match self.source()? {
            Some(source) => generator.generate(&source, &committed),
            None => generator.generate(&committed, &committed),
        };
        let mut text = report(&generated.changes);
        let failure = match generated.client {
            Ok(client) => {
                if text.is_empty() && self.from.is_some() {
                    text.push_str("Nothing changes in the client.\n");
                }
                let files = [(SLICE, generated.slice.to_string()), (CLIENT, client)];
                let (end, is_stale) = self.bring_up_to_date(&workspace, files)?;
                text.push_str(&end);
                (self.check && is_stale)
                    .then(|| format!("not up to date: run `{}`", self.command()))
            }
            Err(problems) => Some(self.explain(&problems)),
        };
        Ok(Report { text, failure })
    }

    /// Writes the files or, for `--check`, only shows what would be written. Returns what to print,
    /// and whether a file was not up to date.
    fn bring_up_to_date(
        &self,
        workspace: &Workspace,
        files: [(&'static str, String); 2],
    ) -> Result<(String, bool)> {
        let lines: Vec<String> = if self.check {
            workspace.stale(files)?.iter().map(Stale::diff).collect()
        } else {
            let names = workspace.write(files, OPERATIONS)?;
            names.iter().map(|name| format!("wrote {name}\n")).collect()
        };
        if lines.is_empty() {
            return Ok((format!("{SLICE} and {CLIENT} are up to date.\n"), false));
        }
        Ok((lines.concat(), true))
    }

    fn source(&self) -> Result<Option<Description>> {
        let Some(path) = &self.from else {
            return Ok(None);
        };
        let name = shown(path);
        let text = read(path).with_context(|| format!("cannot read {name}"))?;
        Description::parse(&text).context(name).map(Some)
    }

    /// Returns everything that is wrong, with what to do.
    fn explain(&self, problems: &[Error]) -> String {
        let source = self.from.as_deref().map_or_else(|| SLICE.to_owned(), shown);
        let mut text =
            format!("no client can be generated from {source}, and nothing was written:\n");
        for problem in problems {
            text.push_str(&format!("\n- {problem}\n"));
            if let Some(remedy) = problem.remedy() {
                text.push_str(&format!("  To do: {remedy}\n"));
            }
        }
        let missing = |problem: &Error| matches!(problem, Error::OperationMissing { .. });
        if self.from.is_none() && problems.iter().any(missing) {
            text.push_str(&format!(
                "\n{SLICE} holds only what was taken before. For a new operation run `cargo xtask regen --from FILE` with \
                 GitHub's whole description.\n"
            ));
        }
        text
    }

    fn command(&self) -> String {
        match &self.from {
            Some(path) => format!("cargo xtask regen --from {}", shown(path)),
            None => "cargo xtask regen".to_owned(),
        }
    }
}

/// Returns what has changed, as lists in Markdown.
fn report(changes: &Changes) -> String {
    let mut text = String::new();
    if changes.client.is_empty() && !changes.left_out.is_empty() {
        text.push_str("Nothing changes in the client.\n\n");
    }
    let lists = [
        ("Changes in the client:", &changes.client),
        (
            "Changes in parts of GitHub's description that the client leaves out:",
            &changes.left_out,
        ),
    ];
    for (title, changes) in lists {
        if !changes.is_empty() {
            text.push_str(&format!("{title}\n\n"));
            for change in changes {
                text.push_str(&format!("- {change}\n"));
            }
            text.push('\n');
        }
    }
    text
}
