use clap::Args;

use crate::{
    access::AccessOptions,
    connection::ConnectionOptions,
    console::Console,
    destination::Destination,
    failure::Failure,
    interruption::Interruption,
    place::{PlaceOptions, secret_name},
    scene::Scene,
    value::ValueOptions,
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
    pub(crate) async fn run(
        self,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<(), Failure> {
        let name = secret_name(&self.name)?;
        let place = self.place.place()?;
        let scene = Scene::new(&place).with_repositories(&self.access);
        let session = connection.open(scene, console).await?;
        let destination = Destination::new(&session.github, place, &self.access)?;
        let value = self
            .value
            .read(&format!("Value of {name}"), console)
            .await?;

        let mut interruption = Interruption::listen()?;
        let work = destination.set(&name, value);
        let stored = interruption.finish(console, work).await?;
        console.done(format_args!("{stored} {name} in {destination}"))?;
        session.say_opened(console);
        Ok(())
    }
}
