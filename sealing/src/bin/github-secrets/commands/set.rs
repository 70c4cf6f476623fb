//! `set`: create a secret, or replace its value and its access.

use clap::Args;

use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    options::{
        place::{PlaceOptions, secret_name},
        value::ValueOptions,
        visibility::AccessOptions,
    },
    session::Session,
    words::Destination,
};

const EXAMPLES: &str = "\
Examples:
  github-secrets set DB_PASSWORD --repo acme/website
  github-secrets set DB_PASSWORD --repo acme/website --env production <password.txt
  github-secrets set DB_PASSWORD --org acme --repos website,api --value-env DB_PASSWORD
  github-secrets set DOTFILES_TOKEN --user --repos octocat/dotfiles

The value is asked for on a terminal, and read from standard input otherwise. It never stands on
the command line, which other users of the machine can read. An existing secret gets exactly the
access that is given here; `rotate` leaves it as it is.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Set {
    /// The secret's name
    name: String,
    #[command(flatten)]
    place: PlaceOptions,
    #[command(flatten)]
    access: AccessOptions,
    #[command(flatten)]
    value: ValueOptions,
}

impl Set {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let name = secret_name(&self.name)?;
        let place = self.place.place()?;
        let access = self.access.access(place.kind())?;
        let contents = Contents::none().repositories(self.access.repository_names());
        let session = Session::open(context, place, contents).await?;
        let label = format!("Value of {name}");
        let value = self.value.read(&label, console).await?;
        let set = session.secrets.set(&name, value, access.clone());
        let stored = session.change(set).await?;
        let destination = Destination(&session.place, &access);
        console
            .done(format_args!("{stored} {name} in {destination}"))
            .await?;
        session.say_opened();
        Ok(())
    }
}
