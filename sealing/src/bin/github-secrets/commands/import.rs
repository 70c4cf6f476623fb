use std::path::{Path, PathBuf};

use clap::Args;
use github_secrets::{Batch, NewSecret, SecretName};
use indicatif::HumanDuration;

use crate::{
    access::AccessOptions,
    connection::{self, ConnectionOptions},
    console::Console,
    delivery::deliver,
    destination::Destination,
    failure::Failure,
    input::{Empty, Input},
    interruption::Interruption,
    place::PlaceOptions,
    report::{Report, Subject},
    scene::Scene,
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
    #[command(flatten)]
    place: PlaceOptions,
    #[command(flatten)]
    access: AccessOptions,
}

impl Import {
    pub(crate) async fn run(
        self,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<(), Failure> {
        let place = self.place.place()?;
        if self.dry_run {
            let destination = Destination::new(&connection::offline()?, place, &self.access)?;
            let input = read(&self.file, self.empty)?;
            return dry_run(&input, &destination, console);
        }
        let scene = Scene::new(&place).with_repositories(&self.access);
        let session = connection.open(scene, console).await?;
        let destination = Destination::new(&session.github, place, &self.access)?;
        let Input { source, entries } = read(&self.file, self.empty)?;

        let names: Vec<SecretName> = entries.iter().map(|entry| entry.name.clone()).collect();
        let origins = entries.iter().map(|entry| {
            let origin = format!("{source}, line {}", entry.line);
            (entry.name.clone(), origin)
        });
        let origins = origins.collect();
        let new = entries.into_iter();
        let new = new.map(|entry| NewSecret::new(entry.name, entry.value));
        let new = new.collect::<Result<Vec<_>, _>>()?;

        let mut interruption = Interruption::listen()?;
        let batch = interruption.wait(destination.set_all(new)).await?;
        announce(&batch, names.len(), &destination, console);
        let mut report = Report::new(console, Subject::Secrets).origins(origins);
        let interrupted = deliver(batch, &names, &mut report, &mut interruption, console).await;
        let result = report.finish(interrupted);
        session.say_opened(console);
        result
    }
}

fn read(file: &Path, empty: Empty) -> Result<Input, Failure> {
    let input = Input::read(file, empty)?;
    if input.entries.is_empty() {
        let source = &input.source;
        return Err(Failure::Failed(format!(
            "{source} holds no secrets to import"
        )));
    }
    Ok(input)
}

/// Says how long a batch takes that does not fit into GitHub's limits at once.
fn announce(batch: &Batch, secrets: usize, destination: &Destination, console: &Console) {
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

fn dry_run(input: &Input, destination: &Destination, console: &Console) -> Result<(), Failure> {
    for entry in &input.entries {
        let (name, bytes) = (&entry.name, entry.value.len());
        if console.is_terminal() {
            let noun = if bytes == 1 { "byte" } else { "bytes" };
            console.line(format_args!("would set  {name} ({bytes} {noun})"))?;
        } else {
            console.line(format_args!("would set\t{name}\t{bytes}"))?;
        }
    }
    let secrets = Subject::Secrets.counted(input.entries.len());
    console.note(format_args!(
        "would import {secrets} into {destination}; nothing was sent"
    ));
    Ok(())
}
