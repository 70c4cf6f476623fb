//! `list`: list the secrets of places.

use std::collections::HashSet;

use clap::Args;
use github_secrets::{OwnerKind, Place, Secret, Store};
use serde::Serialize;

use crate::{
    context::Context,
    emulator::Contents,
    failure::{Exit, Failure},
    matching::find_places,
    options::places::PlacesOptions,
    reading::read_each,
    session::Session,
    table::{Table, print_json},
    words::Places,
};

const EXAMPLES: &str = "\
Examples:
  github-secrets list --org acme --app dependabot
  github-secrets list --repo acme/website --json | jq -r '.[].name'
  github-secrets list -R 'acme/svc-*' --app actions,dependabot

On a terminal the columns have a header. In a pipe they have none, and are separated by tabs: the
place if there are several, the name, the time of the last change, the visibility of an
organization's or a user's secret, and with --inherited where it comes from: the repository, the
organization, or the organization but hidden by a secret of the repository.

With --json each object has place, name, created_at and updated_at, and, if they apply, visibility
and from. --json does not take field names; select them with jq. GitHub never returns values.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Also list the organization's secrets that are shared with the repository
    #[arg(long)]
    inherited: bool,
    #[command(flatten)]
    places: PlacesOptions,
}

#[derive(Serialize)]
struct Row {
    place: String,
    name: String,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'static str>,
}

/// Secrets of a place, and those that it inherits.
struct Found {
    own: Vec<Secret>,
    inherited: Option<Vec<Secret>>,
}

impl List {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let named = self.places.named()?;
        let session = Session::open_for(context, &named, Contents::examples()).await?;
        let places = find_places(named, &session, console).await?;
        if self.inherited && !places.iter().all(inherits) {
            return Err(Failure::Usage(
                "--inherited goes with the Actions and Agents secrets of a repository; GitHub does \
                 not list for others what an organization shares"
                    .to_owned(),
            ));
        }
        let read = async |place: &Place| {
            let secrets = session.secrets(place);
            let own = secrets.list().all().await?;
            let inherited = match self.inherited {
                true => Some(secrets.organization_secrets()?.all().await?),
                false => None,
            };
            Ok(Found { own, inherited })
        };
        let found = read_each(&places, &session, read, |_| {}).await?;
        let (mut rows, mut unread, mut not_tried) = (Vec::new(), 0, 0);
        for (place, result) in found {
            match result {
                Some(Ok(found)) => rows.extend(found.rows(place)),
                Some(Err(error)) if places.len() == 1 => return Err(error.into()),
                Some(Err(error)) => {
                    console.github_error("", &error);
                    unread += 1;
                }
                None => not_tried += 1,
            }
        }
        self.print(&rows, &places, context).await?;
        if unread + not_tried == 0 {
            return Ok(());
        }
        console.error(format_args!(
            "{} of {} places could not be listed",
            unread + not_tried,
            places.len()
        ));
        Err(Failure::Reported(if unread + not_tried == places.len() {
            Exit::Failed
        } else {
            Exit::Partly
        }))
    }

    async fn print(
        &self,
        rows: &[Row],
        places: &[Place],
        context: &Context,
    ) -> Result<(), Failure> {
        let console = &context.console;
        if self.json {
            return Ok(print_json(console, &rows).await?);
        }
        let columns = [
            ("PLACE", places.len() > 1),
            ("NAME", true),
            ("UPDATED", true),
            (
                "VISIBILITY",
                rows.iter().any(|row| row.visibility.is_some()),
            ),
            ("FROM", self.inherited),
        ];
        let shown = |cells: [String; 5]| -> Vec<String> {
            let cells = cells.into_iter().zip(columns);
            let cells = cells.filter(|(_, (_, is_shown))| *is_shown);
            cells.map(|(cell, _)| cell).collect()
        };
        let header = shown(columns.map(|(name, _)| name.to_owned()));
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let mut table = Table::new(&header);
        for row in rows {
            table.row(shown([
                row.place.clone(),
                row.name.clone(),
                row.updated_at.clone(),
                row.visibility.clone().unwrap_or_default(),
                row.from.unwrap_or_default().to_owned(),
            ]));
        }
        table.print(console).await?;
        if rows.is_empty() && console.is_terminal() {
            console.note(format_args!("{}: none", Places(places)));
        }
        Ok(())
    }
}

/// Returns whether GitHub lists what the organization shares with this place.
fn inherits(place: &Place) -> bool {
    place.kind() == OwnerKind::Repository && matches!(place.store(), Store::Actions | Store::Agents)
}

impl Found {
    fn rows(self, place: &Place) -> Vec<Row> {
        let Self { own, inherited } = self;
        let names: HashSet<String> = own.iter().map(|it| it.name.to_ascii_uppercase()).collect();
        let from = inherited.is_some().then_some("repository");
        let mut rows: Vec<Row> = own.iter().map(|it| Row::new(place, it, from)).collect();
        for secret in inherited.into_iter().flatten() {
            let from = if names.contains(&secret.name.to_ascii_uppercase()) {
                "organization, hidden"
            } else {
                "organization"
            };
            rows.push(Row::new(place, &secret, Some(from)));
        }
        rows
    }
}

impl Row {
    fn new(place: &Place, secret: &Secret, from: Option<&'static str>) -> Self {
        let visibility = secret.visibility.as_ref();
        Self {
            place: place.to_string(),
            name: secret.name.clone(),
            created_at: secret.created_at.to_string(),
            updated_at: secret.updated_at.to_string(),
            visibility: visibility.map(ToString::to_string),
            from,
        }
    }
}
