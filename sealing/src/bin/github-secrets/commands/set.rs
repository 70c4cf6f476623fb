//! `set`: create a secret, or replace its value and its access.

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
        visibility::AccessOptions,
    },
    report::{Report, Subject},
    session::Session,
    words::Destinations,
};

const EXAMPLES: &str = concat!(
    "\
Examples:
  github-secrets set DB_PASSWORD --repo acme/website
  github-secrets set DB_PASSWORD --repo acme/website --env production <password.txt
  github-secrets set DB_PASSWORD --org acme --repos website,api --value-env DB_PASSWORD
  github-secrets set DOTFILES_TOKEN --user --repos octocat/dotfiles
  github-secrets set NPM_TOKEN -R acme/website,'acme/svc-*' --app actions,dependabot

The value is asked for on a terminal, and read from standard input otherwise. It is never given on
the command line, which other users of the machine can read. An existing secret gets exactly the
access that is given here; `rotate` keeps the access that it has. `import` sets all secrets of a
file, and `seal` prints the sealed value without storing it.

",
    json_results!(
        "created, updated, created or updated, failed, unknown (it may be done), or not tried."
    )
);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Set {
    /// The secret's name
    name: String,
    #[command(flatten)]
    results: ResultsOptions,
    #[command(flatten)]
    places: PlacesOptions,
    #[command(flatten)]
    access: AccessOptions,
    #[command(flatten)]
    value: ValueOptions,
}

impl Set {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let name = secret_name(&self.name)?;
        let named = self.places.named()?;
        let access = self.access.access(named.kind)?;
        let contents = Contents::none().repositories(self.access.repository_names());
        let session = Session::open_for(context, &named, contents).await?;
        let label = format!("Value of {name}");
        let value = self.value.read(&label, console).await?;
        let places = find_places(named, &session, console).await?;
        let destinations = Destinations(&places, &access);
        if let ([place], false) = (&places[..], self.results.json) {
            let secrets = session.secrets(place);
            let set = secrets.set(&name, value, access.clone());
            let stored = session.change(set).await?;
            console
                .done(format_args!("{stored} {name} in {destinations}"))
                .await?;
            session.say_opened();
            return Ok(());
        }
        let new = NewSecret::new(&name, value)?.access(access.clone());
        let batch = places.iter().map(|place| (place, new.clone()));
        let batch = session.github.set_all(batch)?;
        drop(new);
        announce(
            &batch,
            format_args!("setting {name} in {destinations}"),
            console,
        );
        let form = self.results.form(&places);
        let report = Report::new(console, Subject::Secrets, form);
        let secrets: Vec<_> = places.into_iter().map(|it| (it, name.clone())).collect();
        deliver(batch, &secrets, report, &session, console).await
    }
}
