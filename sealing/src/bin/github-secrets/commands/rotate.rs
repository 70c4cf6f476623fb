//! `rotate`: replace the value of an existing secret and leave its access as it is.

use clap::Args;
use github_secrets::NewSecret;

use crate::{
    context::Context,
    delivery::{announce, deliver},
    emulator::Contents,
    failure::Failure,
    matching::find_places,
    options::{
        place::secret_name,
        places::PlacesOptions,
        results::{ResultsOptions, json_results},
        value::ValueOptions,
    },
    report::{Report, Subject},
    session::Session,
    words::Places,
};

const EXAMPLES: &str = concat!(
    "\
Examples:
  github-secrets rotate DB_PASSWORD --org acme
  generate-password | github-secrets rotate DB_PASSWORD --repo acme/website
  github-secrets rotate NPM_TOKEN -R acme/website,acme/api --app actions,dependabot

A secret that does not exist is not created.

",
    json_results!("updated, failed, unknown (it may be done), or not tried.")
);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Rotate {
    /// The secret's name
    name: String,
    #[command(flatten)]
    results: ResultsOptions,
    #[command(flatten)]
    places: PlacesOptions,
    #[command(flatten)]
    value: ValueOptions,
}

impl Rotate {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let name = secret_name(&self.name)?;
        let named = self.places.named()?;
        let contents = Contents::secrets([&name]);
        let session = Session::open_for(context, &named, contents).await?;
        let label = format!("New value of {name}");
        let value = self.value.read(&label, console).await?;
        let places = find_places(named, &session, console).await?;
        if let ([place], false) = (&places[..], self.results.json) {
            let secrets = session.secrets(place);
            session.change(secrets.rotate(&name, value)).await?;
            let place = Places(&places);
            console
                .done(format_args!("updated {name} in {place}"))
                .await?;
            session.say_opened();
            return Ok(());
        }
        let new = NewSecret::new(&name, value)?;
        let batch = places.iter().map(|place| (place, new.clone()));
        let batch = session.github.rotate_all(batch)?;
        drop(new);
        let what = format_args!("rotating {name} in {}", Places(&places));
        announce(&batch, what, console);
        let form = self.results.form(&places);
        let report = Report::new(console, Subject::Secrets, form);
        let secrets: Vec<_> = places.into_iter().map(|it| (it, name.clone())).collect();
        deliver(batch, &secrets, report, &session, console).await
    }
}
