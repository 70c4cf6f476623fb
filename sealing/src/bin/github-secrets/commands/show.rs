use std::io;

use clap::Args;
use github_secrets::{SelectedRepository, VisibilityKind};
use serde::Serialize;

use crate::{
    connection::ConnectionOptions,
    console::Console,
    failure::Failure,
    place::{PlaceOptions, secret_name},
    scene::Scene,
    secrets::Secrets,
    table::{print_fields, print_json},
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
    pub(crate) async fn run(
        self,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<(), Failure> {
        let name = secret_name(&self.name)?;
        let place = self.place.place()?;
        let scene = Scene::new(&place).with_secrets([&name]);
        let session = connection.open(scene, console).await?;
        let secrets = Secrets::new(&session.github, &place)?;
        let Some(secret) = secrets.find(&name).await? else {
            return Err(Failure::Failed(format!(
                "{name} is not among {place}, or the token may not see it"
            )));
        };
        let is_selected = secret.visibility == Some(VisibilityKind::Selected);
        let selected = match secrets.repositories(&name)? {
            Some(repositories) if is_selected => Some(repositories.all().await?),
            _ => None,
        };
        let shown = Shown {
            name: secret.name,
            created_at: secret.created_at,
            updated_at: secret.updated_at,
            visibility: secret.visibility.map(|visibility| visibility.to_string()),
            selected_repositories: selected.map(|all| all.into_iter().map(Selected::new).collect()),
        };
        if self.json {
            return Ok(print_json(console, &shown)?);
        }
        Ok(shown.print(console)?)
    }
}

impl Shown {
    fn print(self, console: &Console) -> io::Result<()> {
        let mut fields = vec![
            ("name", Some(self.name)),
            ("created", Some(self.created_at)),
            ("updated", Some(self.updated_at)),
            ("visibility", self.visibility),
        ];
        let selected = self.selected_repositories.into_iter().flatten();
        fields.extend(selected.map(|it| ("repository", Some(it.full_name))));
        print_fields(console, &fields)
    }
}

impl Selected {
    fn new(repository: SelectedRepository) -> Self {
        Self {
            id: repository.id,
            full_name: repository.full_name,
        }
    }
}
