//! `audit`: list every secret of an organization, of its repositories and of their environments.
//!
//! `census.rs` reads them, `finding.rs` compares them, and `output.rs` prints them.

mod census;
mod finding;
mod output;
mod unread;

use std::time::Duration;

use clap::Args;
use github_secrets::Place;

use self::{census::Census, output::Shown};
use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    options::{connection::time, places::StoreOptions},
    pattern::Pattern,
    session::Session,
};

const EXAMPLES: &str = "\
Examples:
  github-secrets audit --org acme --older-than 90d
  github-secrets audit --org acme --name 'NPM_*' --app actions,dependabot
  github-secrets audit --org acme --json | jq -r '.[] | select(.hides != []) | .place'

In a pipe the columns are separated by tabs: place, name, time of the last change, age in days, who
can use it (all, private, selected:NAME,NAME, repository or environment), and what it hides or is
hidden by. A repository's secret hides an organization's secret of the same name that it could
otherwise use, and an environment's secret hides both. With --json each object has place, name,
created_at, updated_at, age_days, access, repositories (of a selection, else null), hides (places)
and hidden_by (places). Ages are measured by the server's clock.

Each list takes one request for every 100 entries. Lists that cannot be read are reported on standard
error, and the exit code is 3, or 1 if no list can be read. A change of access counts as a change.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Audit {
    /// The organization
    #[arg(short, long, value_name = "LOGIN")]
    org: String,
    #[command(flatten)]
    stores: StoreOptions,
    /// Only secrets that were last changed longer ago than this: 90d or 12h
    #[arg(long, value_name = "TIME", value_parser = time)]
    older_than: Option<Duration>,
    /// Only secrets of this name; a * matches any text: 'NPM_*'
    #[arg(long, value_name = "NAME", value_parser = name_pattern)]
    name: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Audit {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let stores = self.stores.stores();
        let examples = examples(&self.org)?;
        let session = Session::open(context, &examples, Contents::examples()).await?;
        let pattern = self.name.as_deref().map(Pattern::new);
        let has_name = |name: &str| pattern.as_ref().is_none_or(|it| it.matches(name));
        let mut census = Census::begin(&self.org, &stores, &session, context).await?;
        census.find_environments().await?;
        census.read_secrets(has_name).await?;
        census.read_selections().await?;
        let Census { held, unread, .. } = census;
        let mut findings = finding::compare(held);
        let now = session.github.now();
        if let Some(least) = self.older_than {
            findings.retain(|it| now.duration_since(it.secret.updated_at) > least);
        }
        let shown: Vec<Shown> = findings.iter().map(|it| Shown::new(it, now)).collect();
        output::print(&shown, self.json, console).await?;
        unread.finish(shown.len(), console)
    }
}

/// Checks that a pattern can match the name of a secret.
fn name_pattern(text: &str) -> Result<String, &'static str> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == Pattern::ANY;
    if !text.is_empty() && text.chars().all(is_allowed) {
        Ok(text.to_owned())
    } else {
        Err("a name has letters, digits and underscores, and a * matches any of them")
    }
}

/// Returns places that an emulator has to hold.
fn examples(login: &str) -> Result<Vec<Place>, Failure> {
    use github_secrets::Store::{Actions, Dependabot};
    let website = format!("{login}/website");
    Ok(vec![
        Place::organization(login, Actions)?,
        Place::repository(&website, Actions)?,
        Place::repository(&website, Dependabot)?,
        Place::environment(&website, "production")?,
    ])
}
