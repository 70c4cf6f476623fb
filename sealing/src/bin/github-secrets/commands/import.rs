//! `import`: set all secrets of a `.env` or JSON file.

mod dry_run;
mod new_secrets;

use std::path::PathBuf;

use clap::Args;
use github_secrets::{AnyAccess, Place, SecretName};

use self::new_secrets::new_secrets;
use crate::{
    console::Console,
    context::Context,
    delivery::{announce, deliver},
    emulator::Contents,
    failure::Failure,
    input::{Empty, Entry, Input},
    matching::find_places,
    options::{
        places::{NamedPlaces, PlacesOptions},
        results::{ResultsOptions, json_results},
        visibility::AccessOptions,
    },
    report::{Report, Subject},
    session::Session,
    words::Destinations,
};

const EXAMPLES: &str = concat!(
    "\
Examples:
  github-secrets import .env --repo acme/website --env production
  github-secrets import .env --org acme --app dependabot --visibility private --dry-run
  github-secrets import .env -R acme/website,acme/api --app actions,dependabot
  sops --decrypt secrets.json | github-secrets import - --repo acme/website

FILE holds lines of the form NAME=value, or one JSON object such as {\"NAME\": \"value\"}. Everything in
it is checked before the first secret is sent. What .env parsers read in different ways, such as a $
outside single quotes, is refused. Running the same import again is safe.

--dry-run fetches the key and the list of each place, looks up each repository that is named without
a *, and changes nothing. So it finds a place that does not exist, a repository that is archived, a
token that has no access to it, and a store that would be full; whether the token can write is known
only on the first write.

",
    json_results!(
        "created, updated, created or updated, failed, unknown (it may be done), or not tried."
    ),
    " With --dry-run it is would create, would update, would set
(with --offline) or would fail, and a fifth member, bytes, is the size of the value."
);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Import {
    /// A .env or JSON file; - is standard input
    file: PathBuf,
    /// Check the file and the places, and say what would be stored, but change nothing
    #[arg(long)]
    dry_run: bool,
    /// With --dry-run: check the file alone, and send nothing
    #[arg(long, requires = "dry_run")]
    offline: bool,
    /// Skip empty values, store them, or refuse the file
    #[arg(
        long,
        value_enum,
        ignore_case = true,
        value_name = "skip|store|refuse",
        default_value = "refuse",
        hide_possible_values = true
    )]
    empty: Empty,
    /// Leave out this name, whatever its line holds; can be repeated
    #[arg(long, value_name = "NAME")]
    skip: Vec<String>,
    #[command(flatten)]
    results: ResultsOptions,
    #[command(flatten)]
    places: PlacesOptions,
    #[command(flatten)]
    access: AccessOptions,
}

impl Import {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let named = self.places.named()?;
        let access = self.access.access(named.kind)?;
        if self.dry_run {
            // What is wrong with the file is said before a token is looked for.
            let input = self.read(console)?;
            return self.dry_run(input, named, &access, context).await;
        }
        let session = self.open(&named, context).await?;
        let Input {
            source, entries, ..
        } = self.read(console)?;
        let places = find_places(named, &session, console).await?;

        let names: Vec<SecretName> = entries.iter().map(|entry| entry.name.clone()).collect();
        let origin = |entry: &Entry| format!("{source}, line {}", entry.line);
        let origins = entries
            .iter()
            .map(|entry| (entry.name.clone(), origin(entry)))
            .collect();
        let new = new_secrets(entries, &access)?;
        let secrets: Vec<(Place, SecretName)> = each_in_each(&places, &names).collect();
        let batch = if let [place] = &places[..] {
            session.read(session.secrets(place).set_all(new)).await?
        } else {
            let batch = session.github.set_all(each_in_each(&places, &new))?;
            drop(new);
            batch
        };

        let count = Subject::Secrets.counted(names.len());
        let into = if places.len() > 1 { "each of " } else { "" };
        let destinations = Destinations(&places, &access);
        let what = format_args!("importing {count} into {into}{destinations}");
        announce(&batch, what, console);
        let form = self.results.form(&places);
        let report = Report::new(console, Subject::Secrets, form).origins(origins);
        deliver(batch, &secrets, report, &session, console).await
    }

    async fn open<'a>(
        &self,
        named: &NamedPlaces,
        context: &'a Context,
    ) -> Result<Session<'a>, Failure> {
        let contents = Contents::none().repositories(self.access.repository_names());
        Session::open_for(context, named, contents).await
    }

    async fn dry_run(
        &self,
        input: Input,
        named: NamedPlaces,
        access: &AnyAccess,
        context: &Context,
    ) -> Result<(), Failure> {
        let console = &context.console;
        if self.offline {
            let form = self.results.form(&[]);
            return dry_run::of_file(&input, &named, access, form, console).await;
        }
        let session = self.open(&named, context).await?;
        let explicit = named.places.clone();
        let places = find_places(named, &session, console).await?;
        let form = self.results.form(&places);
        let run = dry_run::of_places(input, &places, &explicit, access, form, &session, console);
        run.await
    }

    fn read(&self, console: &Console) -> Result<Input, Failure> {
        let input = Input::read(&self.file, self.empty, &self.skip)?;
        let source = &input.source;
        if input.entries.is_empty() {
            return Err(Failure::Failed(format!(
                "{source} holds no secrets to import"
            )));
        }
        if input.had_mark {
            console.note(format_args!("the byte order mark of {source} is left out"));
        }
        Ok(input)
    }
}

/// Returns all of these in each of the places.
fn each_in_each<T: Clone>(places: &[Place], all: &[T]) -> impl Iterator<Item = (Place, T)> {
    let places = places.iter();
    places.flat_map(move |place| all.iter().map(|one| (place.clone(), one.clone())))
}
