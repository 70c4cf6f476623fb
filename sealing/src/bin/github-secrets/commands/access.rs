//! `access`: change who can use a secret, without its value.

use clap::Args;
use github_secrets::OwnerKind;

use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    options::{
        place::{PlaceOptions, secret_name},
        visibility::AccessOptions,
    },
    session::Session,
    words::Destination,
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
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let name = secret_name(&self.name)?;
        let place = self.place.place()?;
        if !matches!(place.kind(), OwnerKind::Organization | OwnerKind::User) {
            return Err(Failure::Usage(
                "the secrets of a repository or an environment are for itself, so there is no \
                 access to change; use --org or --user"
                    .to_owned(),
            ));
        }
        let access = self.access.access(place.kind())?;
        let contents = Contents::secrets([&name]).repositories(self.access.repository_names());
        let session = Session::open(context, place, contents).await?;
        let change = session.secrets.set_access(&name, access.clone());
        let changed = session.change(change).await?;
        let destination = Destination(&session.place, &access);
        if !changed {
            let line = format!("{name} in {destination}: nothing to change");
            return Ok(context.console.line(line).await?);
        }
        let line = format_args!("updated the access of {name} in {destination}");
        context.console.done(line).await
    }
}
