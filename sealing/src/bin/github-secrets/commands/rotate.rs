//! `rotate`: replace the value of an existing secret and leave its access as it is.

use clap::Args;

use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    options::{
        place::{PlaceOptions, secret_name},
        value::ValueOptions,
    },
    session::Session,
    words::SecretsOf,
};

const EXAMPLES: &str = "\
Examples:
  github-secrets rotate DB_PASSWORD --org acme
  generate-password | github-secrets rotate DB_PASSWORD --repo acme/website

A secret that does not exist is not created.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Rotate {
    /// The secret's name
    name: String,
    #[command(flatten)]
    place: PlaceOptions,
    #[command(flatten)]
    value: ValueOptions,
}

impl Rotate {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let name = secret_name(&self.name)?;
        let place = self.place.place()?;
        let session = Session::open(context, place, Contents::secrets([&name])).await?;
        let label = format!("New value of {name}");
        let value = self.value.read(&label, console).await?;
        session.change(session.secrets.rotate(&name, value)).await?;
        let secrets = SecretsOf(&session.place);
        console
            .done(format_args!("updated {name} in {secrets}"))
            .await?;
        session.say_opened();
        Ok(())
    }
}
