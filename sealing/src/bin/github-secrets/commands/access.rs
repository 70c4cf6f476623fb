use clap::Args;

use crate::{
    access::AccessOptions,
    connection::ConnectionOptions,
    console::Console,
    destination::{readers, selection},
    failure::Failure,
    interruption::Interruption,
    place::{PlaceOptions, secret_name},
    scene::Scene,
    secrets::Secrets,
};

const EXAMPLES: &str = "\
Examples:
  github-secrets access DB_PASSWORD --org acme --visibility private
  github-secrets access DB_PASSWORD --org acme --repos website,api
  github-secrets access DOTFILES_TOKEN --user --no-repos-selected";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Access {
    /// The secret's name
    name: String,
    #[command(flatten)]
    place: PlaceOptions,
    #[command(flatten)]
    access: AccessOptions,
}

impl Access {
    pub(crate) async fn run(
        self,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<(), Failure> {
        let name = secret_name(&self.name)?;
        let place = self.place.place()?;
        let scene = Scene::new(&place)
            .with_repositories(&self.access)
            .with_secrets([&name]);
        let session = connection.open(scene, console).await?;
        let mut interruption = Interruption::listen()?;
        let readers = match Secrets::new(&session.github, &place)? {
            Secrets::Organization(secrets) => {
                let visibility = self.access.visibility()?;
                let work = secrets.set_access(&name, visibility.clone());
                interruption.finish(console, work).await?;
                readers(&visibility)
            }
            Secrets::User(secrets) => {
                let repositories = self.access.repositories()?;
                let selected = secrets.repositories(&name)?;
                let work = selected.set(repositories.iter().cloned());
                interruption.finish(console, work).await?;
                selection(&repositories)
            }
            Secrets::Repository(_) | Secrets::Environment(_) => {
                return Err(Failure::Usage(
                    "the secrets of a repository or an environment are for itself, so there is no \
                 access to change; use --org or --user"
                        .to_owned(),
                ));
            }
        };
        console.done(format_args!(
            "updated the access of {name} in {place}, {readers}"
        ))
    }
}
