//! `list`: list the secrets of a place.

use clap::Args;
use github_secrets::Secret;
use serde::Serialize;

use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    options::place::PlaceOptions,
    session::Session,
    table::{Table, print_json},
    words::SecretsOf,
};

const EXAMPLES: &str = "\
Examples:
  github-secrets list --org acme --app dependabot
  github-secrets list --repo acme/website --json | jq -r '.[].name'

In a pipe the columns are separated by tabs: name, time of the last change, and the visibility of an
organization's or a user's secret. GitHub does not return values.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: PlaceOptions,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility: Option<String>,
}

impl List {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let session = Session::open(context, self.place.place()?, Contents::examples()).await?;
        let secrets = session.read(session.secrets.list().all()).await?;
        if self.json {
            let rows: Vec<_> = secrets.iter().map(Row::new).collect();
            return Ok(print_json(console, &rows).await?);
        }
        let has_visibility = secrets.iter().any(|secret| secret.visibility.is_some());
        let header = ["NAME", "UPDATED", "VISIBILITY"];
        let columns = if has_visibility { 3 } else { 2 };
        let mut table = Table::new(&header[..columns]);
        for secret in &secrets {
            let mut row = vec![secret.name.clone(), secret.updated_at.to_string()];
            if has_visibility {
                row.push(visibility(secret).unwrap_or_default());
            }
            table.row(row);
        }
        table.print(console).await?;
        if secrets.is_empty() && console.is_terminal() {
            console.note(format_args!("{}: none", SecretsOf(&session.place)));
        }
        Ok(())
    }
}

impl<'a> Row<'a> {
    fn new(secret: &'a Secret) -> Self {
        Self {
            name: &secret.name,
            created_at: secret.created_at.to_string(),
            updated_at: secret.updated_at.to_string(),
            visibility: visibility(secret),
        }
    }
}

fn visibility(secret: &Secret) -> Option<String> {
    secret.visibility.as_ref().map(ToString::to_string)
}
