use clap::Args;

use crate::{
    connection::ConnectionOptions,
    console::Console,
    failure::Failure,
    interruption::Interruption,
    place::{PlaceOptions, secret_name},
    scene::Scene,
    secrets::Secrets,
    value::ValueOptions,
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
        let label = format!("New value of {name}");
        let value = self.value.read(&label, console).await?;

        let mut interruption = Interruption::listen()?;
        let work = secrets.rotate(&name, value);
        interruption.finish(console, work).await?;
        console.done(format_args!("updated {name} in {place}"))?;
        session.say_opened(console);
        Ok(())
    }
}
