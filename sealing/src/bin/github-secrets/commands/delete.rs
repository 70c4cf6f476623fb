//! `delete`: delete secrets.

use clap::Args;
use github_secrets::{Place, SecretName};

use crate::{
    context::Context,
    delivery::{announce, deliver},
    emulator::Contents,
    failure::Failure,
    matching::find_places,
    options::{
        place::secret_names,
        places::PlacesOptions,
        results::{ResultsOptions, json_results},
    },
    report::{Report, Subject},
    session::Session,
    words::Places,
};

const EXAMPLES: &str = concat!(
    "\
Examples:
  github-secrets delete OLD_TOKEN OLDER_TOKEN --org acme
  github-secrets delete OLD_TOKEN -R 'acme/svc-*' --app all --if-exists

",
    json_results!(
        "\
deleted, did not exist (with --if-exists), deleted or did not exist, failed, unknown (it may be
done), or not tried."
    )
);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Delete {
    /// The secrets' names
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    /// Succeed if a secret does not exist
    #[arg(long)]
    if_exists: bool,
    #[command(flatten)]
    results: ResultsOptions,
    #[command(flatten)]
    places: PlacesOptions,
}

impl Delete {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let names = secret_names(&self.names)?;
        let named = self.places.named()?;
        let contents = Contents::secrets(&names);
        let session = Session::open_for(context, &named, contents).await?;
        let places = find_places(named, &session, console).await?;
        let of = |place: &Place| -> Vec<(Place, SecretName)> {
            let names = names.iter();
            names.map(|name| (place.clone(), name.clone())).collect()
        };
        let secrets: Vec<(Place, SecretName)> = places.iter().flat_map(of).collect();
        let mut batch = session.github.delete_all(secrets.iter().cloned())?;
        if self.if_exists {
            batch = batch.allow_missing();
        }
        if let [_] = places[..] {
            // One by one, so that little is sent where nothing can succeed.
            batch = batch.concurrency(1);
        } else {
            let count = Subject::Secrets.counted(names.len());
            let what = format_args!("deleting {count} in each of {}", Places(&places));
            announce(&batch, what, console);
        }
        let form = self.results.form(&places);
        let mut report = Report::new(console, Subject::Secrets, form);
        if !self.if_exists {
            report = report.advice_on_missing("--if-exists takes a missing secret for deleted");
        }
        deliver(batch, &secrets, report, &session, console).await
    }
}
