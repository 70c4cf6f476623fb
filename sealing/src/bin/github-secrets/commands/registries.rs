mod create;
mod delete;
mod list;
mod oidc;
mod show;
mod shown;
mod update;

use clap::{Args, Subcommand};
use github_secrets::{PrivateRegistries, Store};

use crate::{
    connection::{ConnectionOptions, Session},
    console::Console,
    failure::Failure,
    place::Place,
    scene::Scene,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Registries {
    /// List the registries
    List(list::List),
    /// Show a registry
    Show(show::Show),
    /// Create a registry; GitHub gives it a name
    Create(Box<create::Create>),
    /// Change a registry; what no option says stays as it is
    Update(Box<update::Update>),
    /// Delete registries
    Delete(delete::Delete),
}

impl Registries {
    pub(crate) async fn run(
        self,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<(), Failure> {
        match self {
            Self::List(list) => list.run(connection, console).await,
            Self::Show(show) => show.run(connection, console).await,
            Self::Create(create) => create.run(connection, console).await,
            Self::Update(update) => update.run(connection, console).await,
            Self::Delete(delete) => delete.run(connection, console).await,
        }
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Place")]
struct OrganizationOptions {
    /// The organization
    #[arg(short, long, value_name = "LOGIN")]
    org: String,
}

/// The registries of an organization, and the session that they belong to.
struct Opened {
    registries: PrivateRegistries,
    _session: Session,
}

impl OrganizationOptions {
    async fn open<'a>(
        &self,
        repositories: impl Iterator<Item = &'a str>,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<Opened, Failure> {
        let place = Place::Organization {
            login: self.org.clone(),
            store: Store::Actions,
        };
        let scene = Scene {
            repositories: repositories.collect(),
            ..Scene::new(&place)
        };
        let session = connection.open(scene, console).await?;
        let registries = session.github.org(&self.org)?.private_registries();
        Ok(Opened {
            registries,
            _session: session,
        })
    }
}
