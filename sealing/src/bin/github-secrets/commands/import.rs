//! `import`: set all secrets of a `.env` or JSON file.

mod dry_run;

use std::path::PathBuf;

use clap::Args;
use github_secrets::{AnyAccess, Batch, NewSecret, SecretName};
use indicatif::HumanDuration;

use crate::{
    console::Console,
    context::Context,
    delivery::deliver,
    emulator::Contents,
    failure::Failure,
    input::{Empty, Entry, Input},
    options::{place::PlaceOptions, visibility::AccessOptions},
    report::{Report, Subject},
    session::Session,
    words::Destination,
};

const EXAMPLES: &str = "\
Examples:
  github-secrets import .env --repo acme/website --env production
  github-secrets import .env --org acme --app dependabot --visibility private --dry-run
  sops --decrypt secrets.json | github-secrets import - --repo acme/website

FILE holds lines of the form NAME=value, or one JSON object such as {\"NAME\": \"value\"}. Everything in
it is checked before the first secret is sent. What .env parsers read in different ways, such as a $
outside single quotes, is refused. Running the same import again is safe.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Import {
    /// A .env or JSON file; - is standard input
    file: PathBuf,
    /// Check everything and say what would be stored, but send nothing
    #[arg(long)]
    dry_run: bool,
    /// Skip empty values, store them, or refuse the file
    #[arg(
        long,
        value_enum,
        value_name = "skip|store|refuse",
        default_value = "refuse",
        hide_possible_values = true
    )]
    empty: Empty,
    /// Leave out this name, whatever its line holds; can be repeated
    #[arg(long, value_name = "NAME")]
    skip: Vec<String>,
    #[command(flatten)]
    place: PlaceOptions,
    #[command(flatten)]
    access: AccessOptions,
}

impl Import {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let place = self.place.place()?;
        let access = self.access.access(place.kind())?;
        if self.dry_run {
            let input = self.read(console)?;
            return dry_run::print(&input, &Destination(&place, &access), console).await;
        }
        let contents = Contents::none().repositories(self.access.repository_names());
        let session = Session::open(context, place, contents).await?;
        let Input {
            source, entries, ..
        } = self.read(console)?;

        let names: Vec<SecretName> = entries.iter().map(|entry| entry.name.clone()).collect();
        let origin = |entry: &Entry| format!("{source}, line {}", entry.line);
        let origins = entries
            .iter()
            .map(|entry| (entry.name.clone(), origin(entry)))
            .collect();
        let new = new_secrets(entries, &access)?;

        let batch = session.read(session.secrets.set_all(new)).await?;
        let destination = Destination(&session.place, &access);
        announce(&batch, names.len(), &destination, console);
        let mut report = Report::new(console, Subject::Secrets).origins(origins);
        let interrupted = deliver(batch, &names, &mut report, &session, console).await;
        let result = report.finish(interrupted);
        session.say_opened();
        result
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

fn new_secrets(
    entries: Vec<Entry>,
    access: &AnyAccess,
) -> Result<Vec<NewSecret<AnyAccess>>, Failure> {
    let new = entries.into_iter().map(|entry| {
        let secret = NewSecret::new(entry.name, entry.value)?;
        Ok(secret.access(access.clone()))
    });
    new.collect()
}

/// Says how long a batch takes that does not fit into GitHub's limits at once.
fn announce(batch: &Batch, secrets: usize, destination: &Destination<'_>, console: &Console) {
    let secrets = Subject::Secrets.counted(secrets);
    let estimate = batch.estimate();
    if estimate.is_zero() {
        console.note(format_args!("importing {secrets} into {destination}"));
    } else {
        let estimate = HumanDuration(estimate);
        console.note(format_args!(
            "importing {secrets} into {destination}; within GitHub's rate limits this takes about \
             {estimate}"
        ));
    }
}
