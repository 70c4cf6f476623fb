//! `show`: show a secret and the repositories that can use it.

use std::io;

use clap::Args;
use github_secrets::{ListedRepository, VisibilityKind};
use serde::Serialize;

use crate::{
    console::Console,
    context::Context,
    emulator::Contents,
    failure::Failure,
    options::place::{PlaceOptions, secret_name},
    session::Session,
    table::{print_fields, print_json},
    words::SecretsOf,
};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  github-secrets show DB_PASSWORD --org acme")]
pub(crate) struct Show {
    /// The secret's name
    name: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: PlaceOptions,
}

#[derive(Serialize)]
struct Shown {
    name: String,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    selected_repositories: Option<Vec<Selected>>,
}

#[derive(Serialize)]
struct Selected {
    id: u64,
    full_name: String,
}

impl Show {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let name = secret_name(&self.name)?;
        let named = self.place.place()?;
        let contents = Contents::secrets([&name]);
        let session = Session::open_at(context, &named, contents).await?;
        let secrets = session.secrets(&named.place);
        let Some(secret) = session.read(secrets.find(&name)).await? else {
            return Err(Failure::Failed(format!(
                "{name} is not among {}, or the token has no access to it",
                SecretsOf(&named.place)
            )));
        };
        let selected = if secret.visibility == Some(VisibilityKind::Selected) {
            let repositories = secrets.repositories(&name)?.list();
            Some(session.read(repositories.all()).await?)
        } else {
            None
        };
        let shown = Shown {
            name: secret.name,
            created_at: secret.created_at.to_string(),
            updated_at: secret.updated_at.to_string(),
            visibility: secret.visibility.map(|visibility| visibility.to_string()),
            selected_repositories: selected.map(|all| all.into_iter().map(Selected::new).collect()),
        };
        if self.json {
            return Ok(print_json(console, &shown).await?);
        }
        Ok(shown.print(console).await?)
    }
}

impl Shown {
    async fn print(self, console: &Console) -> io::Result<()> {
        let mut fields = vec![
            ("name", Some(self.name)),
            ("created", Some(self.created_at)),
            ("updated", Some(self.updated_at)),
            ("visibility", self.visibility),
        ];
        let selected = self.selected_repositories.into_iter().flatten();
        fields.extend(selected.map(|it| ("repository", Some(it.full_name))));
        print_fields(console, &fields).await
    }
}

impl Selected {
    fn new(repository: ListedRepository) -> Self {
        Self {
            id: repository.id,
            full_name: repository.full_name,
        }
    }
}
